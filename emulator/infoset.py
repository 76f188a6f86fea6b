"""Compares XML by what it says: names of prefixes, whitespace between elements, comments and quotes do not count."""

from collections.abc import Callable, Iterator
from itertools import zip_longest

from lxml import etree

Alike = Callable[[str, str], bool]


def difference(expected: str, found: bytes, alike: Alike) -> str | None:
    """Where ``found`` says something else than ``expected``, in words; None if nowhere. ``alike`` compares two texts."""
    try:
        root = _parsed(found)
    except etree.XMLSyntaxError as error:
        return f"the body is no XML ({error}): {found[:300]!r}"
    return next(_differences("", _parsed(expected.encode()), root, alike), None)


def indented(document: bytes) -> str:
    """For the eye: an element a line, attributes by name. What is no XML stays as it stands."""
    try:
        root = etree.fromstring(document, etree.XMLParser(resolve_entities=False, no_network=True, remove_blank_text=True))
    except etree.XMLSyntaxError:
        return document.decode(errors="replace")
    for element in root.iter(etree.Element):
        attributes = sorted(element.attrib.items())
        element.attrib.clear()
        element.attrib.update(attributes)
    return str(etree.tostring(root, pretty_print=True, encoding="unicode")).rstrip("\n")


def _parsed(document: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    return etree.fromstring(document, parser)


def _differences(path: str, expected: etree._Element, found: etree._Element, alike: Alike) -> Iterator[str]:
    path += f"/{etree.QName(expected).localname}"
    if expected.tag != found.tag:
        yield f"{path} is {found.tag}, not {expected.tag}"
        return
    texts = {"its text": (_text(expected), _text(found))}
    for name in sorted({*expected.keys(), *found.keys()}):
        texts[f"its {name}"] = (_resolved(expected, expected.get(name)), _resolved(found, found.get(name)))
    for what, (wanted, given) in texts.items():
        if wanted is None or given is None or not alike(wanted, given):
            yield f"{path}: {what} is {given!r}, not {wanted!r}"
    for number, (one, other) in enumerate(zip_longest(expected, found), start=1):
        if one is None or other is None:
            yield f"{path} has {len(found)} elements, not {len(expected)}"
            return
        yield from _differences(f"{path}[{number}]", one, other, alike)


def _text(element: etree._Element) -> str | None:
    """All of it where there are no elements; else what stands between them, if that is more than space."""
    if not len(element):
        return _resolved(element, element.text or "")
    return "".join([element.text or "", *(child.tail or "" for child in element)]).strip()


def _resolved(element: etree._Element, text: str | None) -> str | None:
    """``xsd:string`` with its namespace in the prefix's stead, where the prefix is one that is declared."""
    prefix, colon, rest = (text or "").partition(":")
    return f"{{{element.nsmap[prefix]}}}{rest}" if colon and prefix in element.nsmap else text
