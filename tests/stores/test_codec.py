"""State as JSON and back, by type hints alone."""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, is_dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Any, ClassVar, Literal, NamedTuple

import pytest

from emulator.app import create_app
from emulator.core.errors import Reason
from emulator.core.message import Fate, Message, Status
from emulator.core.planned import Planned
from emulator.stores.codec import CodecError, codec_for, kind_named, name_of, read, write


class Colour(StrEnum):
    RED = "red"


class Size(Enum):
    BIG = 1


class Place(NamedTuple):
    colour: Colour
    at: datetime


@dataclass(frozen=True, slots=True)
class Part:
    name: str
    octets: bytes = b""


@dataclass(frozen=True, slots=True)
class Whole:
    """One of everything a kind may be made of."""

    indexed: ClassVar[tuple[str, ...]] = ("key",)

    key: str
    price: Decimal
    made: datetime
    day: date
    lasts: timedelta
    size: Size
    place: Place
    part: Part
    parts: tuple[Part, ...]
    pair: tuple[int, float]
    by_name: Mapping[str, Decimal]
    by_size: dict[Size, Part]
    by_number: Mapping[int, str]
    names: frozenset[str]
    listed: list[Part]
    sequence: Sequence[str]
    fate: Fate | Reason | None
    mode: Literal["a", "b"]
    maybe: Part | None = None
    anything: Mapping[str, Any] = field(default_factory=dict)
    flag: bool = False
    ratio: float | None = None

    @property
    def derived(self) -> str:
        return self.key


def whole(**changes):
    values = {
        "key": "ключ\0",
        "price": Decimal("0.0075"),
        "made": datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC),
        "day": date(2026, 1, 2),
        "lasts": timedelta(days=3, microseconds=1),
        "size": Size.BIG,
        "place": Place(Colour.RED, datetime(2026, 1, 1, tzinfo=UTC)),
        "part": Part("x", bytes(range(256))),
        "parts": (Part("a"), Part("b")),
        "pair": (3, 0.5),
        "by_name": {"a": Decimal(1)},
        "by_size": {Size.BIG: Part("big")},
        "by_number": {7: "seven"},
        "names": frozenset({"b", "a"}),
        "listed": [Part("l")],
        "sequence": ("s",),
        "fate": Fate(Status.EXPIRED),
        "mode": "a",
        "anything": {"list": [1, None, {"deep": True}]},
    }
    return Whole(**{**values, **changes})


@pytest.mark.parametrize("changes", [{}, {"fate": Reason.NO_CREDIT}, {"fate": None}, {"maybe": Part("m"), "ratio": 2.0}])
def test_everything_comes_back_as_it_was(changes):
    original = whole(**changes)
    assert read(Whole, json.loads(json.dumps(write(original)))) == original


def test_an_older_document_may_lack_what_has_a_default():
    document = write(whole())
    del document["ratio"], document["part"]["octets"]
    assert read(Whole, document).part == Part("x")


@pytest.mark.parametrize(
    ("where", "value", "said"),
    [
        ("key", 5, "key: 5 is no str"),
        ("key", None, "key: None is no str"),
        ("price", "abc", "price: 'abc' is not a decimal"),
        ("price", "NaN", "price: 'NaN' is not"),
        ("price", "1E+999999", "price: '1E+999999' is not"),
        ("price", 1.5, "price: 1.5 is not"),
        ("made", "2026-01-01T00:00:00", "made: '2026-01-01T00:00:00' is not a time with its offset"),
        ("made", "soon", "made: 'soon'"),
        ("lasts", "1", "lasts: '1' is not seconds"),
        ("lasts", 1e300, "lasts: 1e+300"),
        ("size", 2, "size: 2 is not one of 1"),
        ("place", {"colour": "red"}, "place: at missing"),
        ("part", {"name": "x", "octets": "?"}, "part.octets: '?' is not base64"),
        ("part", [], "part: [] is no dict"),
        ("parts", [{"name": "a"}, {"name": 1}], "parts.1.name: 1 is no str"),
        ("pair", [1], "pair: [1] has not 2 items"),
        ("pair", [True, 1.0], "pair.0: True is no int"),
        ("by_name", {"a": 1}, "by_name.a: 1 is not"),
        ("by_number", {"x": "y"}, "by_number: 'x' is no int"),
        ("fate", {"is": "core.message.Message", "value": {}}, "fate: "),
        ("fate", "lost", "fate: "),
        ("mode", "c", "mode: 'c' is not one of"),
        ("flag", 1, "flag: 1 is no bool"),
        ("ratio", "1", "ratio: '1' is not a number"),
        ("colour", 1, "colour is unknown"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(where, value, said):
    document = write(whole())
    document[where] = value
    with pytest.raises(CodecError) as caught:
        read(Whole, document)
    assert str(caught.value).startswith(said)


def kinds():
    create_app()
    modules = [module for name, module in sorted(sys.modules.items()) if name.startswith("emulator.")]
    found = {one for module in modules for one in vars(module).values() if isinstance(one, type) and is_dataclass(one)}
    return sorted((kind for kind in found if hasattr(kind, "indexed")), key=name_of)


@pytest.mark.parametrize("kind", kinds(), ids=name_of)
def test_every_kind_that_is_kept_can_be_written_and_found_by_its_name(kind):
    codec_for(kind)
    assert kind_named(name_of(kind)) is kind


def test_every_planned_step_can_be_written():
    codec_for(Planned)


@pytest.mark.parametrize(
    "name", ["", "x", "Message", "core.message.Nothing", "core.message.Status", "core.message.field", "os.path", "__main__.x"]
)
def test_a_name_is_only_looked_for_among_our_own_dataclasses(name):
    with pytest.raises(CodecError):
        kind_named(name)


def test_an_import_is_no_second_name():
    assert kind_named("core.message.Message") is Message
    with pytest.raises(CodecError):
        kind_named("core.smsc.Message")


def test_no_module_is_imported_for_a_name():
    with pytest.raises(CodecError):
        kind_named("__main__.main")
    assert "emulator.__main__" not in sys.modules


def test_a_hint_that_cannot_be_written_is_found_at_once():
    @dataclass(frozen=True)
    class Odd:
        call: type[int]

    with pytest.raises(TypeError):
        codec_for(Odd)
