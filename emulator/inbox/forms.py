"""From what a form says to what the control API is asked."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from emulator.core.errors import Reason
from emulator.core.fates import NAMES
from emulator.core.message import Fate
from emulator.fixtures import SettingSpec, Sheet

Form = Mapping[str, str]

SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
REASONS = tuple(reason.value for reason in Reason)
FATES = tuple(name for name, fate in NAMES.items() if isinstance(fate, Fate))
AMOUNTS = {  # an effect's amount: what it counts, and what it is unless said
    "delay": ("seconds", 5),
    "status": ("HTTP status", 503),
    "truncate": ("octets that still arrive", 20),
    "rate": ("requests a minute", 10),
}


@dataclass(frozen=True, slots=True)
class Preset:
    """A fault that is one click away."""

    name: str
    label: str
    rule: Mapping[str, Any]


PRESETS = (
    Preset("no-credit", "Next message: no credit", {"effect": {"refuse": "no_credit"}, "times": 1}),
    Preset("undelivered", "Next message: undelivered", {"effect": {"fate": "undelivered"}, "times": 1}),
    Preset("lost", "Next receipt: lost", {"effect": {"fate": "lost"}, "times": 1}),
    Preset("duplicate", "Next receipt: twice", {"effect": {"fate": "duplicate"}, "times": 1}),
    Preset("unavailable", "Next request: 503", {"effect": {"status": 503, "retry_after": 1}, "times": 1}),
    Preset("slow", "Next request: 5 s late", {"effect": {"delay": 5}, "times": 1}),
    Preset("drop", "Next request: dropped", {"effect": {"drop": True}, "times": 1}),
    Preset("throttle", "10 requests a minute", {"effect": {"rate": {"limit": 10, "per": 60}}}),
)


_NAMED = {"seconds": "amount", **dict.fromkeys((*AMOUNTS, "limit"), "amount"), "q": "match"}  # by the API, and in the form


class FormError(ValueError):
    """A field says nothing the control API could be asked; the message names it."""

    def __init__(self, field: str, said: str) -> None:
        super().__init__(f"{field}: {said}")
        self.field = field


@dataclass(frozen=True, slots=True)
class Refused:
    """A form that was not taken: its name, why, and what it said. ``field`` is empty where none of its own is to blame."""

    form: str
    why: str
    typed: Form
    field: str = ""

    @classmethod
    def by(cls, form: str, why: str, typed: Form, field: str) -> "Refused":
        """``field`` is called as the control API calls it."""
        own = _NAMED.get(field, field)
        return cls(form, why, typed, own if own in typed else "")


def clock_call(form: Form) -> tuple[str, str, dict[str, Any]]:
    """Method, path and document. Raises FormError."""
    match form.get("do"):
        case "freeze":
            return "PUT", "/clock", {"frozen": True}
        case "release":
            return "PUT", "/clock", {"frozen": False}
        case "next":
            return "POST", "/clock/advance", {"to": "next"}
        case "set":
            return "PUT", "/clock", {"now": _instant(form.get("now", ""))}
        case _:
            amount = _number(form, "amount", 1)
            return "POST", "/clock/advance", {"seconds": amount * SECONDS.get(form.get("unit", ""), 1)}


def fault_document(form: Form) -> dict[str, Any]:
    """The rule that a preset's button or the form asks for. Raises FormError."""
    for preset in PRESETS:
        if preset.name == form.get("preset"):
            return dict(preset.rule)
    document: dict[str, Any] = {"effect": _effect(form)}
    for name in ("match", "provider", "account", "operation"):
        if value := form.get(name, "").strip():
            document[name] = value
    for name in ("times", "after"):
        if form.get(name, "").strip():
            document[name] = int(_number(form, name, 1))
    return document


def account_document(form: Form) -> dict[str, Any]:
    """A new account's provider, and its balance where one is given."""
    return {name: form[name].strip() for name in ("provider", "balance") if form.get(name, "").strip()}


def settings_document(sheet: Sheet, form: Form) -> dict[str, Any]:
    """Balance and settings; a field left empty is back at its default. Raises FormError."""
    document = {name: _setting(spec, form[name]) for name, spec in sheet.settings.items() if name in form}
    if form.get("balance", "").strip():
        document["balance"] = form["balance"].strip()
    return document


def by_use(sheet: Sheet) -> list[tuple[str, SettingSpec]]:
    """The settings of a provider's accounts: the addresses of the application first, which everybody sets."""
    return sorted(sheet.settings.items(), key=lambda item: item[1].type != "url")


def written(spec: SettingSpec, value: Any) -> str:
    """A setting's value as its field shows it: a list one a line, an object as JSON."""
    if value is None:
        return ""
    if spec.type == "flag":
        return "true" if value else "false"
    if spec.type == "texts":
        return "\n".join(value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)


def _setting(spec: SettingSpec, text: str) -> Any:
    text = text.strip()
    if not text:
        return None
    if spec.type == "flag":
        return text == "true"
    if spec.type == "texts":
        return [line.strip() for line in text.splitlines() if line.strip()]
    if spec.type == "number" or spec.type.endswith("_by_text"):
        try:
            return json.loads(text)
        except ValueError as error:
            raise FormError(spec.name, f"{text!r} is no {'number' if spec.type == 'number' else 'JSON object'}") from error
    return text


def _effect(form: Form) -> dict[str, Any]:
    kind, _, name = form.get("effect", "").partition(":")
    if kind in {"refuse", "fate"}:
        return {kind: name}
    if kind in {"drop", "garble"}:
        return {kind: True}
    if kind not in AMOUNTS:
        raise FormError("effect", "choose one")
    amount = _number(form, "amount", AMOUNTS[kind][1])
    if kind == "rate":
        return {"rate": {"limit": int(amount), "per": 60}}
    return {kind: amount if kind == "delay" else int(amount)}


def _number(form: Form, name: str, default: float) -> float:
    text = form.get(name, "").strip()
    try:
        return float(text) if text else default
    except ValueError as error:
        raise FormError(name, f"{text!r} is no number") from error


def _instant(text: str) -> str:
    """A browser's field for time has no zone; ours is UTC."""
    try:
        return datetime.fromisoformat(text).isoformat()
    except ValueError as error:
        raise FormError("now", f"{text!r} is no time") from error
