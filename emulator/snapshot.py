"""The whole state as one JSON document: what the store holds, what is planned, what was counted, what time it is."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import orjson

from emulator import __version__
from emulator.core.accounts import Account
from emulator.core.clock import EARLIEST, LATEST, Clock
from emulator.core.errors import Reason, Refusal
from emulator.core.message import Message
from emulator.core.planned import Planned
from emulator.core.smsc import Smsc
from emulator.core.store import Document
from emulator.edge.registrar import Origin, Registrar
from emulator.stores.codec import CodecError, codec_for, kind_named, name_of

FORMAT = 1

T = TypeVar("T")
_KEYS = frozenset({"format", "version", "clock", "numbers", "entities", "events"})
_PLANNED = codec_for(Planned)
_NUMBERS = codec_for(Mapping[str, int])


@dataclass(frozen=True, slots=True)
class _Time:
    now: datetime
    frozen: bool
    shift: float

    def __post_init__(self) -> None:
        if not EARLIEST <= self.now <= LATEST or abs(self.shift) > (LATEST - EARLIEST).total_seconds():
            raise ValueError(f"time is between {EARLIEST:%Y} and {LATEST:%Y}")


class SnapshotDesk:
    """Writes and reads snapshots of the emulator around ``smsc``."""

    def __init__(self, smsc: Smsc, registrar: Registrar) -> None:
        self._smsc = smsc
        self._registrar = registrar

    def out(self) -> dict[str, Any]:
        clock = self._smsc.clock
        with self._smsc.paused():  # between two steps, none half done
            time = _Time(clock.now(), clock.frozen, clock.shift.total_seconds())
            held = self._smsc.store.dump()
        return {
            "format": FORMAT,
            "version": __version__,
            "clock": codec_for(_Time).write(time),
            "numbers": held["numbers"],
            "entities": {
                name_of(kind): list(map(codec_for(kind).write, entities)) for kind, entities in held["entities"].items()
            },
            "events": list(map(_PLANNED.write, held["events"])),
        }

    def put(self, document: Any) -> None:
        """Raises Refusal, and changes nothing, for a document that cannot be."""
        time, state = self._checked(document)
        with self._smsc.paused():
            self._smsc.store.load(state)
            _set(self._smsc.clock, time)
        self._smsc.on_clock_changed()

    def write(self, path: Path) -> None:
        """Into a file beside it first: whoever stops us now finds the old snapshot, not half of the new one."""
        beside = path.with_name(f"{path.name}.part")
        beside.write_bytes(orjson.dumps(self.out()))
        os.replace(beside, path)  # noqa: PTH105  # atomic, and says so

    def read(self, path: Path) -> None:
        """Raises Refusal, OSError."""
        try:
            document = orjson.loads(path.read_bytes())
        except orjson.JSONDecodeError as error:
            raise _refused("", f"it is not JSON: {error}") from error
        self.put(document)

    def _checked(self, document: Any) -> tuple[_Time, Document]:
        if not isinstance(document, dict) or document.keys() != _KEYS:
            raise _refused("", f"a snapshot is an object with {', '.join(sorted(_KEYS))}")
        if document["format"] != FORMAT:
            raise _refused("format", f"{document['format']!r} is not {FORMAT}")
        if not isinstance(document["version"], str):
            raise _refused("version", f"{document['version']!r} is no text")
        time = _in("clock", lambda: self._time(document["clock"]))
        numbers = _in("numbers", lambda: _NUMBERS.read(document["numbers"]))
        if any(number < 0 for number in numbers.values()):
            raise _refused("numbers", "they count up from 0")
        events = _in("events", lambda: codec_for(list[Planned]).read(document["events"]))
        entities = _in("entities", lambda: self._entities(document["entities"]))
        return time, {"entities": entities, "events": events, "numbers": numbers}

    def _time(self, document: Any) -> _Time:
        time: _Time = codec_for(_Time).read(document)
        clock = self._smsc.clock
        replace(time, now=clock.now() - clock.shift + timedelta(seconds=time.shift))  # where a running clock would stand
        return time

    def _entities(self, document: Any) -> dict[type, list[Any]]:
        if not isinstance(document, dict):
            raise CodecError("must be an object")
        kinds = {name: kind_named(name) for name in document}
        found = {kinds[name]: _in(name, partial(self._of_kind, kinds[name], document[name])) for name in document}
        found[Account] = [self._registrar.checked(account) for account in found.get(Account, [])]
        origins = {origin.key: origin for origin in found.get(Origin, [])}
        found[Origin] = [origins.get(account.id, Origin(account)) for account in found[Account]]
        return found

    def _of_kind(self, kind: type, document: Any) -> list[Any]:
        if not hasattr(kind, "indexed"):
            raise CodecError("is nothing that is kept")
        entities: list[Any] = codec_for(list[kind]).read(document)  # type: ignore[valid-type]  # a hint made at run time
        for number, entity in enumerate(entities):
            _in(str(number), partial(self._check, entity))
        if len({entity.key for entity in entities}) < len(entities):
            raise CodecError("two have the same key")
        return entities

    def _check(self, entity: Any) -> None:
        """That all of it can be read later: nothing it derives from its fields may fail."""
        for name in (name for name in dir(type(entity)) if isinstance(getattr(type(entity), name), property)):
            getattr(entity, name)
        provider = getattr(entity, "provider", None)
        if provider is not None and provider not in self._smsc.terms:
            raise CodecError(f"there is no provider {provider!r}")
        if any(not isinstance(getattr(entity, name), str | None) for name in entity.indexed):
            raise CodecError(f"{', '.join(entity.indexed)} must be texts")
        if isinstance(entity, Message):
            entity.segmentation()


def _set(clock: Clock, time: _Time) -> None:
    """Back to where the clock of the snapshot stood, or as far from the wall clock as it ran."""
    if time.frozen:
        clock.freeze()
    else:
        clock.reset()
    clock.move_to(time.now if clock.frozen else clock.now() + timedelta(seconds=time.shift))


def _in(place: str, step: Callable[[], T]) -> T:
    """Raises Refusal that names where ``step`` failed."""
    try:
        return step()
    except Refusal as refusal:
        raise _refused(f"{place}.{refusal.field}" if refusal.field else place, refusal.detail) from refusal
    except (CodecError, ValueError, LookupError, ArithmeticError, TypeError) as error:
        raise _refused(place, str(error)) from error


def _refused(place: str, why: str) -> Refusal:
    return Refusal(Reason.INVALID_FIELD, f"{place}: {why}" if place else why, field=place or None)
