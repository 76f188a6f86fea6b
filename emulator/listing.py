"""One line per endpoint of an application: what it is called, where it is written, which example shows it."""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask

from emulator.edge.context import EXTENSION, Runtime

_ROOT = Path(__file__).parent.parent
_IMPLIED = frozenset({"HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Endpoint:
    """``operation`` is the function's name; an operation that shares its URL with others is named with its action."""

    provider: str | None
    methods: str
    url: str
    operation: str
    file: str
    example: str | None


def endpoints(app: Flask) -> list[Endpoint]:
    """Every endpoint, by URL; one line for each operation that a shared URL serves."""
    runtime: Runtime = app.extensions[EXTENSION]
    found = []
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        name = rule.rule.split("/", 2)[1]
        provider = name if name in runtime.providers else None
        methods = ",".join(sorted((rule.methods or set()) - _IMPLIED))
        for operation, function, family in _operations(runtime, provider, rule.endpoint, app.view_functions[rule.endpoint]):
            example = _example(runtime, provider, f"{family}{operation}")
            found.append(Endpoint(provider, methods, rule.rule, operation, _where(function), example))
    return found


def _operations(
    runtime: Runtime, provider: str | None, endpoint: str, function: Callable[..., Any]
) -> Iterator[tuple[str, Callable[..., Any], str]]:
    """Name and function of each, and what its examples' operation begins with: the prefix of an API that has one."""
    blueprint, _, view = endpoint.rpartition(".")
    api = next((api for api in (runtime.providers[provider].apis if provider else ()) if api.blueprint.name == blueprint), None)
    family = f"{api.prefix.strip('/')}/" if api and api.prefix else ""
    for name, action in (api.actions if api and api.actions else {view: function}).items():
        yield name, action, family


def _example(runtime: Runtime, provider: str | None, operation: str) -> str | None:
    if provider is None:
        return None
    examples = (example.path for example in runtime.sheets[provider].examples if example.operation == operation)
    return next((f"fixtures/{provider}/examples/{path}" for path in examples), None)


def _where(function: Callable[..., Any]) -> str:
    function = inspect.unwrap(function)
    path = Path(inspect.getsourcefile(function) or "?")
    shown = path.relative_to(_ROOT) if path.is_relative_to(_ROOT) else path
    return f"{shown.as_posix()}:{inspect.getsourcelines(function)[1]}"
