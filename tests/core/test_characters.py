"""Characters as a person would name them."""

import pytest

from emulator.core.characters import enumerated, spoken


@pytest.mark.parametrize(
    ("character", "name"),
    [
        ("’", "’ right single quotation mark"),
        ("😀", "😀 grinning face"),
        ("\u200d", "zero width joiner (U+200D)"),
        ("\ufe0f", "variation selector-16 (U+FE0F)"),
        ("\u00a0", "no-break space (U+00A0)"),
        ("\u202e", "right-to-left override (U+202E)"),
        ("\t", "tab (U+0009)"),
        ("\ue000", "U+E000"),
    ],
)
def test_what_cannot_be_seen_is_named_by_its_code_point(character, name):
    assert spoken(character) == name


def test_of_many_the_first_are_named():
    assert enumerated("яюэьыъщ").endswith("ы cyrillic small letter yeru and 2 more")
