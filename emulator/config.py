"""Settings: read once, from the environment (``EMULATOR_<NAME>``) and the command line."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from pathlib import Path
from typing import Any

PREFIX = "EMULATOR_"
_URL = PREFIX + "CALLBACK_URL_"
LEAST_THREADS = 24  # 8 starve when 20 clients hold half a body each


class SettingError(ValueError):
    """A setting that cannot be used; the message names it and what it may be."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a server is started with. ``delivery`` None means manual: nothing is delivered by itself."""

    host: str = "127.0.0.1"
    port: int = 7670
    seed: int = 0
    auth: str = "strict"
    delivery: timedelta | None = timedelta(seconds=2)
    max_messages: int = 100_000
    max_exchanges: int = 10_000
    max_webhooks: int = 50_000
    store: str = "memory"
    allowed_hosts: tuple[str, ...] = ()
    max_body: int = 2 * 1024 * 1024
    threads: int = 32
    callback_targets: str = "private"
    callback_urls: Mapping[str, str] = field(default_factory=dict)
    fixtures: Path | None = None
    snapshot: Path | None = None
    report: Path | None = None
    quiet: bool = False

    @classmethod
    def read(cls, environment: Mapping[str, str], options: Mapping[str, str | None] | None = None) -> "Settings":
        """From ``environment``, overruled by ``options`` (name to text). Raises SettingError."""
        given = {name: environment[PREFIX + name.upper()] for name in HELP if PREFIX + name.upper() in environment}
        given |= {name: value for name, value in (options or {}).items() if value is not None}
        urls = {name.removeprefix(_URL).lower(): environment[name] for name in environment if name.startswith(_URL)}
        return cls(**{name: _read(name, text) for name, text in given.items()}, callback_urls=urls)


HELP: Mapping[str, str] = {
    "host": "address to listen at",
    "port": "port to listen at; 0 picks a free one",
    "seed": "number that all ids and made-up names follow from",
    "auth": "strict, or open: well-formed credentials that nobody has make their own account on first use",
    "delivery": "when an ordinary message is delivered after its release: 2s, 500ms, 1m, immediate or manual",
    "max_messages": "messages kept; the oldest are dropped first",
    "max_exchanges": "requests kept with their answers; the oldest are dropped first",
    "max_webhooks": "calls to your application kept with their attempts; the oldest are dropped first",
    "store": "where everything is kept: memory",
    "allowed_hosts": "further host names the control API answers to, separated by commas",
    "max_body": "largest request body: octets, or with KiB or MiB",
    "threads": f"threads that answer requests, at least {LEAST_THREADS}",
    "callback_targets": "where receipts and replies may be posted: private (loopback, private networks) or any",
    "fixtures": "folder merged over the built-in fixtures",
    "snapshot": "file that the state is loaded from at the start and written to at the stop",
    "report": "file that a report of the session is written to at the stop, one HTML page",
    "quiet": "1: no console line per message",
}


def unknown_variables(environment: Mapping[str, str]) -> list[str]:
    """``EMULATOR_...`` variables that are no setting: most likely misspelt."""
    known = {PREFIX + one.name.upper() for one in fields(Settings)}
    return sorted(name for name in environment if name.startswith(PREFIX) and name not in known and not name.startswith(_URL))


@dataclass(frozen=True, slots=True)
class _Unit:
    pattern: str
    factors: Mapping[str, float] = field(default_factory=dict)

    def read(self, text: str) -> float:
        match = re.fullmatch(self.pattern, text.strip())
        if match is None:
            raise ValueError(text)
        return float(match[1]) * self.factors[match[2].lower()]


_DURATION = _Unit(r"([0-9]+(?:\.[0-9]+)?)\s*(ms|s|m|h|)", {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "": 1})
_SIZE = _Unit(r"([0-9]+)\s*((?i:[km]i?b)|)", {"kib": 1024, "mib": 1024**2, "kb": 1000, "mb": 1000**2, "": 1})


def _read(name: str, text: str) -> Any:
    try:
        return _READERS[name](text)
    except ValueError as error:
        reason = f" ({error})" if isinstance(error, SettingError) else ""
        raise SettingError(f"{PREFIX}{name.upper()} is {text!r}, but should be: {HELP[name]}{reason}") from error


def _delivery(text: str) -> timedelta | None:
    if text == "manual":
        return None
    return timedelta(0) if text == "immediate" else timedelta(seconds=_DURATION.read(text))


def _at_least(least: int) -> Any:
    def read(text: str) -> int:
        value = int(text)
        if value < least:
            raise SettingError(f"at least {least}")
        return value

    return read


def _port(text: str) -> int:
    value = int(text)
    if not 0 <= value <= 65535:
        raise SettingError("0 to 65535")
    return value


def _store(text: str) -> str:
    if text != "memory":
        raise SettingError("no other store is built in yet")
    return text


def _targets(text: str) -> str:
    if text not in {"private", "any"}:
        raise SettingError("private or any")
    return text


def _folder(text: str) -> Path:
    if not Path(text).is_dir():
        raise SettingError("no such folder")
    return Path(text)


def _file(text: str) -> Path:
    if not Path(text).absolute().parent.is_dir():
        raise SettingError("no such folder")
    if Path(text).is_dir():
        raise SettingError("that is a folder")
    return Path(text).absolute()


def _auth(text: str) -> str:
    if text not in {"strict", "open"}:
        raise SettingError("strict or open")
    return text


def _flag(text: str) -> bool:
    if text.lower() in {"", "0", "no", "false", "off"}:
        return False
    if text.lower() in {"1", "yes", "true", "on"}:
        return True
    raise SettingError("1 or 0")


_READERS: Mapping[str, Any] = {
    "host": str,
    "port": _port,
    "seed": int,
    "auth": _auth,
    "delivery": _delivery,
    "max_messages": _at_least(1),
    "max_exchanges": _at_least(1),
    "max_webhooks": _at_least(1),
    "callback_targets": _targets,
    "store": _store,
    "allowed_hosts": lambda text: tuple(part.strip().lower() for part in text.split(",") if part.strip()),
    "max_body": lambda text: _at_least(1024)(str(int(_SIZE.read(text)))),
    "threads": _at_least(LEAST_THREADS),
    "fixtures": _folder,
    "snapshot": _file,
    "report": _file,
    "quiet": _flag,
}
