from core_builders import after, message

from emulator.core.message import Status, Step
from emulator.core.segments import Encoding


def test_a_moved_message_has_a_new_version_and_a_longer_timeline():
    moved = message().moved(Status.UNDELIVERED, after(2), "12")
    assert (moved.status, moved.error, moved.version) == (Status.UNDELIVERED, "12", 1)
    assert moved.timeline == (*message().timeline, Step(Status.UNDELIVERED, after(2)))


def test_a_message_was_updated_at_its_last_step():
    assert message().moved(Status.DELIVERED, after(2)).updated_at == after(2)


def test_a_text_is_cut_in_its_own_encoding_and_numbered_by_its_id():
    parts = message("a7ff", text="a" * 71, encoding=Encoding.UCS2).segmentation().parts
    assert [part.udh.hex() for part in parts] == ["050003a70201", "050003a70202"]


def test_a_binary_message_is_cut_by_octets_beside_its_header():
    binary = message("a7ff", text="", encoding=Encoding.BINARY, payload=bytes(134), udh=bytes.fromhex("06050415811581"))
    assert [part.units for part in binary.segmentation().parts] == [128, 6]
