"""State as JSON and back: frozen dataclasses by their type hints, and what the fields of such are made of.

A new kind of entity needs nothing here. Where a hint leaves a choice between classes, the value is wrapped with its class's
name; everything else is written as plainly as JSON can.
"""

import sys
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

_PACKAGE = "emulator."
_DIGITS = 100  # that a decimal number may have before or behind its point


class CodecError(ValueError):
    """A document that does not say what it should; ``place`` are the keys that lead there."""

    def __init__(self, why: str, place: tuple[Any, ...] = ()) -> None:
        super().__init__(f"{'.'.join(map(str, place))}: {why}" if place else why)
        self.why = why
        self.place = place


class Codec(NamedTuple):
    """How values of one type are written and read. ``read`` raises CodecError."""

    write: Callable[[Any], Any]
    read: Callable[[Any], Any]


def name_of(kind: type) -> str:
    """By which a document names a class of ours: ``core.message.Message``."""
    return f"{kind.__module__.removeprefix(_PACKAGE)}.{kind.__qualname__}"


def kind_named(name: str) -> type:
    """The dataclass of ours that has this name, of a module that is in use. Raises CodecError."""
    module, _, qualname = name.rpartition(".")
    found = getattr(sys.modules.get(_PACKAGE + module), qualname, None)
    if not (isinstance(found, type) and is_dataclass(found) and name_of(found) == name):
        raise CodecError(f"there is nothing called {name!r} here")
    return found


def write(value: Any) -> Any:
    """A dataclass of ours as JSON."""
    kind: Any = type(value)
    return codec_for(kind).write(value)


def read(kind: type, document: Any) -> Any:
    """Raises CodecError."""
    return codec_for(kind).read(document)


@cache
def codec_for(hint: Any) -> Codec:
    """Raises TypeError for a hint that no rule covers: the kind that uses it cannot be kept."""
    origin, arguments = get_origin(hint), get_args(hint)
    if hint is Any:
        return Codec(lambda value: value, lambda value: value)
    if hint in _PLAIN:
        return _PLAIN[hint]
    if origin is Literal:
        return Codec(lambda value: value, _checked(lambda value: arguments[arguments.index(value)], f"one of {arguments}"))
    if origin in {Union, UnionType}:
        return _union(arguments)
    if origin is tuple and not (len(arguments) == 2 and arguments[1] is Ellipsis):
        return _fixed_tuple(tuple(map(codec_for, arguments)))
    if isinstance(origin or hint, type):
        return _of_class(hint, origin or hint, arguments)
    raise TypeError(f"no way to write {hint!r}")


def _of_class(hint: Any, kind: type, arguments: tuple[Any, ...]) -> Codec:
    if issubclass(kind, Enum):
        return Codec(lambda value: value.value, _checked(kind, f"one of {', '.join(str(one.value) for one in kind)}"))
    if is_dataclass(kind):
        return _record(kind, [field for field in fields(kind) if field.init])
    if issubclass(kind, tuple) and hasattr(kind, "_fields"):
        return _named_tuple(kind)
    if issubclass(kind, Mapping):
        return _mapping(*map(codec_for, arguments or (str, Any)))
    if issubclass(kind, Sequence | AbstractSet):
        make = {Sequence: tuple, AbstractSet: frozenset}.get(kind, kind)
        return _items(make, codec_for(arguments[0] if arguments else Any))
    raise TypeError(f"no way to write {hint!r}")


def _is(*types: type) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if type(value) not in types:
            raise CodecError(f"{_shown(value)} is no {types[0].__name__}")
        return value

    return read


def _checked(make: Callable[[Any], Any], wording: str) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        try:
            return make(value)
        except (TypeError, ValueError, ArithmeticError) as error:
            raise CodecError(f"{_shown(value)} is not {wording}") from error

    return read


def _instant(value: Any) -> datetime:
    instant = datetime.fromisoformat(value)
    if instant.tzinfo is None:
        raise ValueError(value)
    return instant


def _float(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(value)
    return float(value)


def _decimal(value: Any) -> Decimal:
    if not isinstance(value, str):
        raise TypeError(value)
    number = Decimal(value)
    if not number.is_finite() or abs(number.adjusted()) > _DIGITS:
        raise ValueError(value)
    return number


_PLAIN: Mapping[Any, Codec] = {
    NoneType: Codec(lambda _: None, _is(NoneType)),
    str: Codec(str, _is(str)),
    int: Codec(int, _is(int)),
    bool: Codec(bool, _is(bool)),
    float: Codec(float, _checked(_float, "a number")),
    Decimal: Codec(str, _checked(_decimal, "a decimal number in quotes")),
    bytes: Codec(lambda value: b64encode(value).decode(), _checked(lambda value: b64decode(value, validate=True), "base64")),
    datetime: Codec(datetime.isoformat, _checked(_instant, "a time with its offset")),
    date: Codec(date.isoformat, _checked(date.fromisoformat, "a date")),
    timedelta: Codec(timedelta.total_seconds, _checked(lambda value: timedelta(seconds=_float(value)), "seconds")),
}


def _union(members: tuple[Any, ...]) -> Codec:
    """None stands for itself; of one other member the value is written as it is, of several with the member's name."""
    optional, rest = NoneType in members, [member for member in members if member is not NoneType]
    if len(rest) == 1:
        only = codec_for(rest[0])
        inner = only
    else:
        named = {_member_name(member): (get_origin(member) or member, codec_for(member)) for member in rest}
        inner = Codec(lambda value: _write_named(named, value), lambda document: _read_named(named, document))
    if not optional:
        return inner
    return Codec(
        lambda value: None if value is None else inner.write(value),
        lambda document: None if document is None else inner.read(document),
    )


def _member_name(member: Any) -> str:
    kind = get_origin(member) or member
    return name_of(kind) if kind.__module__.startswith(_PACKAGE) else str(kind.__name__)


def _write_named(named: Mapping[str, tuple[type, Codec]], value: Any) -> dict[str, Any]:
    by_exact_type = sorted(named.items(), key=lambda item: type(value) is not item[1][0])
    for name, (kind, codec) in by_exact_type:
        if isinstance(value, kind):
            return {"is": name, "value": codec.write(value)}
    raise TypeError(f"{value!r} is none of {', '.join(named)}")


def _read_named(named: Mapping[str, tuple[type, Codec]], document: Any) -> Any:
    if not isinstance(document, dict) or document.keys() != {"is", "value"} or document["is"] not in named:
        raise CodecError(f'{_shown(document)} is no {{"is": one of {", ".join(named)}, "value": ...}}')
    return named[document["is"]][1].read(document["value"])


def _items(make: Callable[[Any], Any], item: Codec) -> Codec:
    in_order = make in {set, frozenset}

    def write(values: Any) -> list[Any]:
        written = [item.write(value) for value in values]
        return sorted(written, key=repr) if in_order else written

    return Codec(write, lambda document: make(_at(index, item, value) for index, value in enumerate(_is(list)(document))))


def _fixed_tuple(items: tuple[Codec, ...]) -> Codec:
    def read(document: Any) -> tuple[Any, ...]:
        if len(_is(list)(document)) != len(items):
            raise CodecError(f"{_shown(document)} has not {len(items)} items")
        return tuple(_at(index, item, value) for index, (item, value) in enumerate(zip(items, document, strict=True)))

    return Codec(lambda values: [item.write(value) for item, value in zip(items, values, strict=True)], read)


def _mapping(key: Codec, value: Codec) -> Codec:
    def write(values: Any) -> dict[str, Any]:
        return {_as_key(key.write(one)): value.write(other) for one, other in values.items()}

    def read(document: Any) -> dict[Any, Any]:
        return {_of_key(key, one): _at(one, value, other) for one, other in _is(dict)(document).items()}

    return Codec(write, read)


def _as_key(written: Any) -> str:
    return written if isinstance(written, str) else str(written)


def _of_key(key: Codec, text: str) -> Any:
    try:
        return key.read(text)
    except CodecError:
        if text.lstrip("-").isdecimal():  # JSON writes numbers that are keys as texts
            return key.read(int(text))
        raise


def _named_tuple(kind: type) -> Codec:
    hints = get_type_hints(kind)
    return _object(kind, {name: (codec_for(hints[name]), True) for name in kind._fields})  # type: ignore[attr-defined]


def _record(kind: type, members: list[Field[Any]]) -> Codec:
    hints = get_type_hints(kind)
    required = {one.name: one.default is MISSING and one.default_factory is MISSING for one in members}
    return _object(kind, {one.name: (codec_for(hints[one.name]), required[one.name]) for one in members})


def _object(kind: type, members: Mapping[str, tuple[Codec, bool]]) -> Codec:
    """What is missing gets its default, so that a document of an older version can still be read."""
    writers = [(name, codec.write) for name, (codec, _) in members.items()]
    required = {name for name, (_, is_required) in members.items() if is_required}

    def write(value: Any) -> dict[str, Any]:
        return {name: write_member(getattr(value, name)) for name, write_member in writers}

    def read(document: Any) -> Any:
        given = _is(dict)(document).keys()
        if missing := sorted(required - given):
            raise CodecError(f"{', '.join(missing)} missing")
        if unknown := sorted(given - members.keys()):
            raise CodecError(f"{', '.join(unknown)} is unknown")
        return kind(**{name: _at(name, members[name][0], value) for name, value in document.items()})

    return Codec(write, read)


def _at(place: Any, codec: Codec, value: Any) -> Any:
    try:
        return codec.read(value)
    except CodecError as error:
        raise CodecError(error.why, (place, *error.place)) from error


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
