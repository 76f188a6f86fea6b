import random
from itertools import pairwise

import pytest
import smsutil
from core_builders import thorough
from gsm0338 import Codec
from hypothesis import given
from hypothesis import strategies as st

from emulator.core.segments import (
    BASIC,
    EXTENSION,
    GSM7_CHARACTERS,
    Encoding,
    capacity,
    concatenation_header,
    count_parts,
    encoding_of,
    forcing_characters,
    is_header,
    length,
    split,
    split_octets,
)  # fmt: skip

ESCAPE = 0x1B
PORTS = bytes.fromhex("06050415811581")  # 7 octets: application port addressing, a ringtone's
EMOJI = "\U0001f600"
PUBLISHED = frozenset(Codec().decode(bytes([code]))[0] for code in range(128) if code != ESCAPE) | frozenset(
    Codec().decode(bytes([ESCAPE, code]), "ignore")[0] for code in range(128)
)  # without the escape, which is a code and no character

PLAIN = "abc xyz@£é\n"
ESCAPED = "a€[]^\f|"
CYRILLIC = "приветa€"
ASTRAL = "я" + EMOJI + "\U0001f680a"


def runs_of(alphabet):
    """Texts of some hundred characters made of short runs, so that Hypothesis reaches every boundary cheaply."""
    run = st.tuples(st.text(alphabet, min_size=1, max_size=4), st.integers(1, 80)).map(lambda pair: pair[0] * pair[1])
    return st.lists(run, max_size=6).map("".join)


gsm_texts = st.one_of(runs_of(PLAIN), runs_of(ESCAPED))
texts = st.one_of(gsm_texts, runs_of(CYRILLIC), runs_of(ASTRAL), st.text(max_size=200))
headers = st.one_of(st.just(b""), st.binary(min_size=1, max_size=60).map(lambda elements: bytes([len(elements)]) + elements))
payloads = st.tuples(st.binary(min_size=1, max_size=5), st.integers(0, 150)).map(lambda pair: pair[0] * pair[1])


def octets_taken(part, encoding):
    """What the part takes of a short message's 140 octets (3GPP TS 23.040 9.2.3.24): septets start on a septet boundary."""
    if encoding is Encoding.GSM7:
        fill_and_header = -(-8 * len(part.udh) // 7)
        return -(-(fill_and_header + part.units) * 7 // 8)
    return len(part.udh) + part.units * (2 if encoding is Encoding.UCS2 else 1)


def random_texts(alphabet, number=600):
    source = random.Random(alphabet)
    return ["".join(source.choices(alphabet, k=source.randint(1, 500))) for _ in range(number)]


# The alphabets


def test_the_basic_alphabet_is_the_published_one_in_its_order():
    published = [Codec().decode(bytes([code]))[0] for code in range(128) if code != ESCAPE]
    assert list(BASIC) == published


def test_the_extension_table_is_the_published_one_in_its_order():
    published = [Codec().decode(bytes([ESCAPE, code]), "ignore")[0] for code in range(128)]
    assert list(EXTENSION) == [character for character in published if character]


@pytest.mark.parametrize("character", sorted(GSM7_CHARACTERS))
def test_a_character_takes_as_many_septets_as_its_published_code(character):
    assert length(character, Encoding.GSM7) == len(Codec().encode(character)[0])


@pytest.mark.parametrize("character", ["ç", "`", "\x1b", "\t", "á", "’", "–", "\u00a0", "α", "Ω\u0301", EMOJI])
def test_a_character_outside_the_alphabets_makes_the_text_ucs2(character):
    assert encoding_of(f"abc{character}") is Encoding.UCS2


def test_a_text_of_gsm_characters_is_gsm7():
    assert encoding_of(BASIC + EXTENSION) is Encoding.GSM7


def test_an_empty_text_is_gsm7():
    assert encoding_of("") is Encoding.GSM7


@thorough
@given(st.characters())
def test_a_character_is_gsm7_exactly_if_the_published_codec_can_write_it(character):
    assert (encoding_of(character) is Encoding.GSM7) is (character in PUBLISHED)


# Length


def test_an_extension_character_takes_two_septets():
    assert length("a€b", Encoding.GSM7) == 4


def test_every_repeated_extension_character_is_counted():
    assert length("[€][€]", Encoding.GSM7) == 12


def test_an_emoji_takes_two_code_units():
    assert length(f"я{EMOJI}", Encoding.UCS2) == 3


def test_an_extension_character_takes_one_code_unit():
    assert length("€", Encoding.UCS2) == 1


@thorough
@given(texts)
def test_code_units_are_those_of_utf_16(text):
    assert length(text, Encoding.UCS2) == len(text.encode("utf-16-be")) // 2


# Capacity


@pytest.mark.parametrize(
    ("encoding", "header", "units"),
    [
        (Encoding.GSM7, 0, 160),
        (Encoding.GSM7, 6, 153),
        (Encoding.GSM7, 7, 152),
        (Encoding.GSM7, 12, 146),
        (Encoding.UCS2, 0, 70),
        (Encoding.UCS2, 6, 67),
        (Encoding.UCS2, 7, 66),
        (Encoding.UCS2, 12, 64),
        (Encoding.BINARY, 0, 140),
        (Encoding.BINARY, 6, 134),
        (Encoding.BINARY, 12, 128),
    ],
)
def test_a_part_holds_what_its_header_leaves_of_140_octets(encoding, header, units):
    assert capacity(encoding, header) == units


def test_a_header_that_fills_the_message_leaves_no_room():
    assert capacity(Encoding.GSM7, 140) == capacity(Encoding.BINARY, 141) == 0


# Boundaries


@pytest.mark.parametrize(
    ("characters", "parts"), [(0, 1), (1, 1), (160, 1), (161, 2), (306, 2), (307, 3), (459, 3), (460, 4), (1530, 10)]
)
def test_gsm7_takes_one_part_up_to_160_septets_and_then_one_for_each_153(characters, parts):
    assert count_parts("a" * characters) == len(split("a" * characters).parts) == parts


@pytest.mark.parametrize(("characters", "parts"), [(1, 1), (70, 1), (71, 2), (134, 2), (135, 3), (201, 3), (202, 4)])
def test_ucs2_takes_one_part_up_to_70_code_units_and_then_one_for_each_67(characters, parts):
    assert count_parts("я" * characters) == len(split("я" * characters).parts) == parts


@pytest.mark.parametrize(("octets", "parts"), [(0, 1), (1, 1), (140, 1), (141, 2), (268, 2), (269, 3)])
def test_data_takes_one_part_up_to_140_octets_and_then_one_for_each_134(octets, parts):
    assert len(split_octets(bytes(octets)).parts) == parts


@pytest.mark.parametrize(("characters", "parts"), [(80, 1), (81, 2), (152, 2), (153, 3)])
def test_extension_characters_fill_parts_in_pairs_of_septets(characters, parts):
    assert count_parts("€" * characters) == len(split("€" * characters).parts) == parts


@pytest.mark.parametrize(("characters", "parts"), [(35, 1), (36, 2), (66, 2), (67, 3)])
def test_emoji_fill_parts_in_pairs_of_code_units(characters, parts):
    assert count_parts(EMOJI * characters) == len(split(EMOJI * characters).parts) == parts


def test_an_extension_character_at_the_153rd_septet_moves_to_the_next_part():
    parts = split("a" * 152 + "€" + "b" * 100).parts
    assert [part.text for part in parts] == ["a" * 152, "€" + "b" * 100]


def test_an_extension_character_that_ends_at_the_153rd_septet_stays():
    parts = split("a" * 151 + "€" + "b" * 100).parts
    assert [part.text for part in parts] == ["a" * 151 + "€", "b" * 100]


def test_an_emoji_at_the_67th_code_unit_moves_to_the_next_part():
    parts = split("я" * 66 + EMOJI + "и" * 30).parts
    assert [part.text for part in parts] == ["я" * 66, EMOJI + "и" * 30]


def test_an_emoji_that_ends_at_the_67th_code_unit_stays():
    parts = split("я" * 65 + EMOJI + "и" * 30).parts
    assert [part.text for part in parts] == ["я" * 65 + EMOJI, "и" * 30]


def test_a_pair_moved_over_a_boundary_can_cost_a_part_more():
    text = "a" * 152 + "€" + "b" * 152  # 306 septets, which would fill two parts if the pair could be split
    assert (length(text, Encoding.GSM7), count_parts(text)) == (306, 3)


@pytest.mark.parametrize(
    ("text", "parts"), [("a" * 152, 1), ("a" * 153, 2), ("a" * 292, 2), ("a" * 293, 3), ("я" * 66, 1), ("я" * 67, 2)]
)
def test_the_senders_own_header_takes_room_from_every_part(text, parts):
    assert count_parts(text, udh=PORTS) == len(split(text, udh=PORTS).parts) == parts


@pytest.mark.parametrize(("octets", "parts"), [(133, 1), (134, 2), (256, 2), (257, 3)])
def test_the_senders_own_header_takes_room_from_data_too(octets, parts):
    assert len(split_octets(bytes(octets), PORTS).parts) == parts


def test_a_text_sent_as_ucs2_on_demand_is_counted_in_code_units():
    assert count_parts("a" * 71, Encoding.UCS2) == len(split("a" * 71, Encoding.UCS2).parts) == 2


def test_an_empty_text_is_one_empty_part():
    [part] = split("").parts
    assert (part.text, part.units) == ("", 0)


# What a segmentation says


def test_units_count_the_text_without_headers():
    assert split("a" * 200 + "€").units == 202


def test_data_is_shown_in_upper_case_hex():
    [part] = split_octets(b"\x01\xab").parts
    assert (part.text, part.payload, part.units) == ("01AB", b"\x01\xab", 2)


def test_forcing_characters_are_named_once_in_order_of_appearance():
    assert split("aя€яç").forced_by == ("я", "ç")


@pytest.mark.parametrize(("text", "encoding"), [("abc", Encoding.UCS2), ("я", Encoding.GSM7)])
def test_nothing_is_forced_when_the_encoding_was_asked_for(text, encoding):
    assert split(text, encoding).forced_by == ()


# Against a second implementation: smsutil. It takes the escape itself for a GSM character and an empty text for UCS-2; by
# 3GPP TS 23.038 the escape is a code without a character, and nothing needs UCS-2 to say nothing. So neither is asked here.


@pytest.mark.parametrize("alphabet", [PLAIN, ESCAPED, BASIC + EXTENSION, CYRILLIC, ASTRAL, BASIC + EMOJI])
def test_texts_are_cut_where_smsutil_cuts_them(alphabet):
    sample = random_texts(alphabet)
    assert [[part.text for part in split(text).parts] for text in sample] == [
        [part.content for part in smsutil.split(text).parts] for text in sample
    ]


@pytest.mark.parametrize("alphabet", [PLAIN, ESCAPED, CYRILLIC, ASTRAL])
def test_parts_are_as_many_as_smsutil_counts(alphabet):
    sample = random_texts(alphabet)
    assert [count_parts(text) for text in sample] == [len(smsutil.split(text).parts) for text in sample]


@thorough
@given(texts.filter(lambda text: text and "\x1b" not in text))
def test_the_encoding_is_the_one_smsutil_chooses(text):
    chosen = {"gsm0338": Encoding.GSM7, "utf_16_be": Encoding.UCS2}[smsutil.split(text).encoding]
    assert split(text).encoding is chosen


# Laws


@thorough
@given(texts, headers)
def test_the_parts_joined_give_the_text(text, udh):
    assert "".join(part.text for part in split(text, udh=udh).parts) == text


@thorough
@given(payloads, headers)
def test_the_pieces_joined_give_the_data(payload, udh):
    assert b"".join(part.payload for part in split_octets(payload, udh).parts) == payload


@thorough
@given(texts, headers)
def test_no_part_takes_more_than_140_octets(text, udh):
    segmentation = split(text, udh=udh)
    assert all(octets_taken(part, segmentation.encoding) <= 140 for part in segmentation.parts)


@thorough
@given(payloads, headers)
def test_no_piece_of_data_takes_more_than_140_octets(payload, udh):
    assert all(octets_taken(part, Encoding.BINARY) <= 140 for part in split_octets(payload, udh).parts)


@thorough
@given(texts, headers)
def test_no_part_has_room_for_the_next_character(text, udh):
    segmentation = split(text, udh=udh)
    room = capacity(segmentation.encoding, len(segmentation.parts[0].udh))
    assert all(
        part.units + length(following.text[0], segmentation.encoding) > room for part, following in pairwise(segmentation.parts)
    )


@thorough
@given(gsm_texts)
def test_no_escape_pair_is_split(text):
    written = [Codec().encode(part.text)[0] for part in split(text).parts]
    assert not any(octets.endswith(bytes([ESCAPE])) for octets in written)
    assert b"".join(written) == Codec().encode(text)[0]


@thorough
@given(runs_of(ASTRAL))
def test_no_surrogate_pair_is_split(text):
    written = [part.text.encode("utf-16-be") for part in split(text, Encoding.UCS2).parts]
    assert not any(octets[-2] & 0xFC == 0xD8 for octets in written if octets)


@thorough
@given(texts, headers)
def test_a_part_counts_its_own_units(text, udh):
    segmentation = split(text, udh=udh)
    assert [part.units for part in segmentation.parts] == [
        length(part.text, segmentation.encoding) for part in segmentation.parts
    ]


@thorough
@given(texts, st.sampled_from([None, Encoding.GSM7, Encoding.UCS2]), headers)
def test_counting_agrees_with_splitting(text, encoding, udh):
    assert count_parts(text, encoding, udh) == len(split(text, encoding, udh).parts)


@thorough
@given(texts)
def test_what_forced_ucs2_is_exactly_what_the_published_codec_cannot_write(text):
    assert set(split(text).forced_by) == set(text) - PUBLISHED


@thorough
@given(texts)
def test_a_forcing_character_is_named_once(text):
    forced = forcing_characters(text)
    assert len(forced) == len(set(forced))


# The user data header


def test_a_text_in_one_part_carries_only_the_senders_header():
    [part] = split("hi", udh=PORTS).parts
    assert part.udh == PORTS


def test_parts_are_numbered_by_the_concatenation_element():
    parts = split("a" * 320, reference=0xA7).parts
    assert [part.udh.hex() for part in parts] == ["050003a70301", "050003a70302", "050003a70303"]


def test_pieces_of_data_are_numbered_by_the_concatenation_element():
    parts = split_octets(bytes(141), reference=0xA7).parts
    assert [part.udh.hex() for part in parts] == ["050003a70201", "050003a70202"]


def test_the_concatenation_element_joins_the_senders_header():
    first, *_ = split("a" * 200, udh=PORTS, reference=1).parts
    assert first.udh.hex() == "0b" + "050415811581" + "0003010201"


def test_the_concatenation_reference_is_one_octet():
    assert concatenation_header(b"", 0x1FF, 2, 1) == bytes.fromhex("050003ff0201")


def test_more_than_255_parts_wrap_their_count():
    assert concatenation_header(b"", 0, 257, 256) == bytes.fromhex("050003000100")


@thorough
@given(texts, st.integers(0, 255))
def test_every_part_of_several_carries_a_well_formed_header(text, reference):
    parts = split(text, reference=reference).parts
    assert all(is_header(part.udh) for part in parts) or len(parts) == 1


@pytest.mark.parametrize("udh", ["06050415811581", "050003010201", "0b0504158115810003010201", "020a00"])
def test_a_header_is_well_formed_when_its_lengths_add_up(udh):
    assert is_header(bytes.fromhex(udh))


@pytest.mark.parametrize(
    "udh",
    [
        "",
        "050415811581",  # the length octet is missing
        "07050415811581",  # it says one more than there is
        "0605041581158100",  # it says one less
        "06050515811581",  # the element reaches over the end
        "06050315811581",  # the element ends before the header does
        "0100",  # an element without its length
    ],
)
def test_a_header_whose_lengths_do_not_add_up_is_none(udh):
    assert not is_header(bytes.fromhex(udh))


def test_a_header_longer_than_a_message_is_none():
    assert not is_header(bytes([140, 0, 138]) + bytes(138))


@pytest.mark.parametrize(("text", "udh"), [("x" * 30, bytes(135)), ("я" * 30, bytes(134))])
def test_a_header_that_leaves_no_room_still_carries_a_character_a_part(text, udh):
    assert count_parts(text, udh=udh) == len(split(text, udh=udh).parts) == 30
