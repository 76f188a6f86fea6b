"""Reads the data beside the code: what each provider is (``provider.yaml``), its codes, its documented examples.

The only module that knows YAML. A folder given as setting ``fixtures`` is laid over the built-in one: mappings are merged,
everything else is replaced, examples are added.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

EVIDENCE = ("documented", "observed", "assumed")

_HERE = Path(__file__).parent
BUILT_IN = next((folder for folder in (_HERE / "_fixtures", _HERE.parent / "fixtures") if folder.is_dir()), _HERE / "_fixtures")


class FixtureError(Exception):
    """A fixture that cannot be read; the message names the file."""


@dataclass(frozen=True, slots=True)
class Code:
    """One row of a provider's code table. ``when`` says in a sentence what triggers it."""

    code: str
    text: str
    evidence: str
    when: str
    source: str | None = None
    http: int = 200
    setting: str | None = None
    unreachable: str | None = None
    """Why the emulator never answers it, for codes that are only listed."""


@dataclass(frozen=True, slots=True)
class SettingSpec:
    """An account setting: ``type`` is one of text, flag, number, texts, numbers_by_text, url, choice.

    ``unit`` is what a number counts, where that is not plain from the name.
    """

    name: str
    type: str
    default: Any
    about: str
    evidence: str
    choices: tuple[str, ...] = ()
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class CredentialSpec:
    """One credential; how a new one is ``made``: ``hex:32``, ``digits:12``, ``letters:10``, ``uuid``, ``user_name``.

    ``form`` is the pattern that every one of this provider's follows, where it has one.
    """

    name: str
    made: str
    login: bool = False
    secret: bool = False
    ignore_case: bool = False
    form: str = ".+"


@dataclass(frozen=True)
class Sheet:
    """What is known about one provider, as data."""

    name: str
    document: Mapping[str, Any]
    codes: Mapping[str, Code]
    folders: tuple[Path, ...]

    def with_default(self, setting: str, value: Any) -> "Sheet":
        """The same sheet with another default of an account setting."""
        rows = self.document["settings"]
        settings = {**rows, setting: {**rows[setting], "default": value}}
        return replace(self, document={**self.document, "settings": settings})

    @property
    def title(self) -> str:
        return str(self.document["title"])

    @property
    def hosts(self) -> tuple[str, ...]:
        return tuple(self.document["hosts"])

    @cached_property
    def credentials(self) -> tuple[CredentialSpec, ...]:
        return tuple(CredentialSpec(name, **row) for name, row in self.document["credentials"].items())

    @cached_property
    def settings(self) -> Mapping[str, SettingSpec]:
        rows = self.document["settings"]
        return {name: SettingSpec(name, **{**row, "choices": tuple(row.get("choices", ()))}) for name, row in rows.items()}

    @cached_property
    def examples(self) -> list["Example"]:
        """Every example of the provider, by path."""
        found: dict[str, Example] = {}
        for folder in self.folders:
            for path in sorted((folder / "examples").rglob("*.yaml")):
                example = Example(self.name, path.relative_to(folder / "examples").as_posix(), _read(path))
                found[example.path] = example
        return [found[path] for path in sorted(found)]


@dataclass(frozen=True)
class Example:
    """One documented request and its answer; ``path`` is ``<family>/<file>``."""

    provider: str
    path: str
    document: Mapping[str, Any]

    @property
    def title(self) -> str:
        return str(self.document["title"])

    @property
    def operation(self) -> str:
        return str(self.document["operation"])

    @property
    def evidence(self) -> str:
        return str(self.document["evidence"])

    @property
    def basis(self) -> str:
        """What its answer is: documented, or only expected where nobody says it."""
        return "expected" if self.evidence == "assumed" else "documented"

    @property
    def source(self) -> str:
        return str(self.document["source"])

    @property
    def given(self) -> Mapping[str, Any]:
        return self.document.get("given") or {}


def load_sheet(provider: str, extra: Path | None = None) -> Sheet:
    """Raises FixtureError when the provider's folder is not there or a file of it cannot be read."""
    folders = tuple(folder / provider for folder in (BUILT_IN, extra) if folder is not None)
    present = tuple(folder for folder in folders if folder.is_dir())
    if not present:
        raise FixtureError(f"there is no folder {folders[0]}")
    document = _merged(folder / "provider.yaml" for folder in present)
    codes = _merged(folder / "codes.yaml" for folder in present)
    common = _merged(folder / "settings.yaml" for folder in (BUILT_IN, extra) if folder is not None)
    document = _overlaid({"settings": common}, document)
    rows = {str(code): Code(str(code), **row) for code, row in codes.items()}
    return Sheet(provider, document, rows, present)


def _merged(paths: Iterator[Path]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for path in paths:
        if path.exists():
            merged = _overlaid(merged, _read(path))
    return merged


def _overlaid(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    result = dict(below)
    for key, value in above.items():
        both = isinstance(value, Mapping) and isinstance(result.get(key), Mapping)
        result[key] = _overlaid(result[key], value) if both else value
    return result


def _read(path: Path) -> dict[str, Any]:
    try:
        document = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506  # a safe loader, in C
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise FixtureError(f"{path}: {error}") from error
    if not isinstance(document, dict):
        raise FixtureError(f"{path}: a mapping is expected at the top")
    return document


_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
