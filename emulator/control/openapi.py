"""The description of the control API, made from the routes, their docstrings and their schemas."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Flask

from emulator import __version__
from emulator.control.errors import status_of
from emulator.control.schemas.values import ErrorOut, Instant, Money
from emulator.control.spoken import Spoken, spoken_by

PREFIX = "/_emulator"

_ABOUT = """Look at what was sent, and decide what happens: messages, accounts, time, faults, the wire.

Searches (`q`) take words and "phrases" of the text and `key:value` terms, all of which must match; `-` before one negates it.

Times are ISO 8601 in UTC, ids are strings, money is decimal strings. Keys that a call does not know are refused by name.

The header `Emulator-Era` of every answer changes when everything begins anew, by a reset, by a snapshot put in, by a start: ids
are then given once more."""
_PARAMETER = re.compile(r"<(?:[a-z]+:)?([a-z_]+)>")
_IMPLIED = frozenset({"HEAD", "OPTIONS"})


def describe(app: Flask) -> dict[str, Any]:
    """The OpenAPI document of the control API of ``app``."""
    marshmallow = MarshmallowPlugin(schema_name_resolver=_name)
    spec = APISpec("sms-emulator control API", __version__, "3.1.0", info={"description": _ABOUT}, plugins=[marshmallow])
    assert marshmallow.converter is not None  # noqa: S101  # set when the description begins
    for kind, written in ((Instant, "date-time"), (Money, None)):
        marshmallow.converter.map_to_openapi_type(kind, "string", written)  # type: ignore[no-untyped-call]
    for call in calls(app):
        spec.path(_PARAMETER.sub(r"{\1}", call.path), operations={call.method: _operation(call)})
    return spec.to_dict()


@dataclass(frozen=True, slots=True)
class Call:
    path: str
    method: str
    name: str
    about: str
    spoken: Spoken


def calls(app: Flask) -> Iterator[Call]:
    """Every call that is described, by path."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        view = app.view_functions[rule.endpoint]
        spoken = spoken_by(view)
        if rule.rule.startswith(f"{PREFIX}/") and spoken is not None:
            for method in sorted((rule.methods or set()) - _IMPLIED):
                about = (view.__doc__ or "").replace("``", "`")
                yield Call(rule.rule, method.lower(), rule.endpoint.removeprefix("control."), about, spoken)


def _operation(call: Call) -> dict[str, Any]:
    spoken = call.spoken
    summary, _, more = call.about.partition("\n")
    parameters: list[Any] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in _PARAMETER.findall(call.path)
    ]
    if spoken.query is not None:
        parameters.append({"in": "query", "schema": spoken.query})
    operation: dict[str, Any] = {
        "operationId": call.name,
        "tags": [call.path.removeprefix(PREFIX).split("/")[1]],
        "summary": summary,
        "responses": dict(_answers(call.method, spoken)),
    }
    if more.strip():
        operation["description"] = " ".join(more.split())
    if parameters:
        operation["parameters"] = parameters
    if spoken.body is not None:
        content = {"application/json": {"schema": spoken.body, "example": spoken.example}}
        operation["requestBody"] = {"required": not spoken.body_is_optional, "content": content}
    return operation


def _answers(method: str, spoken: Spoken) -> Iterator[tuple[str, dict[str, Any]]]:
    refused: dict[int, str] = {}
    for code in spoken.errors:
        before = f"{refused[status_of(code)]}, or " if status_of(code) in refused else ""
        refused[status_of(code)] = before + code.replace("_", " ")
    refused.setdefault(400, "what was sent makes no sense")
    if spoken.body is not None:
        refused.setdefault(413, "the body is too large")
    if method != "get":
        refused.setdefault(403, "a write from another site")
    for status, answer in spoken.answers.items():
        described: dict[str, Any] = {"description": _first_line(answer)}
        if answer:
            kind = answer if isinstance(answer, str) else "application/json"
            described["content"] = {kind: {"schema": {"type": "string"} if isinstance(answer, str) else answer}}
        yield str(status), described
    for status, why in sorted(refused.items()):
        if status not in spoken.answers:
            yield str(status), {"description": why, "content": {"application/json": {"schema": ErrorOut}}}


def _first_line(answer: type | str) -> str:
    about = "" if isinstance(answer, str) else (answer.__doc__ or "").strip()
    return about.partition("\n")[0] if about and not about.startswith("Base schema") else "done"


def _name(schema: Any) -> str:
    kind = schema if isinstance(schema, type) else type(schema)
    return kind.__name__.removesuffix("Out") if kind.__name__.endswith("Out") else kind.__name__
