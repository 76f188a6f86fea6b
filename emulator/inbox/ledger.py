"""The fidelity ledger: how well every example, and so every rule it shows, is evidenced."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from emulator.fixtures import EVIDENCE, Example, Sheet


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One operation and its examples; ``method`` and ``path`` are those of the first."""

    operation: str
    method: str
    path: str
    examples: list[Example]


@dataclass(frozen=True, slots=True)
class Chapter:
    """What one provider's documents say."""

    sheet: Sheet
    endpoints: list[Endpoint]

    @property
    def count(self) -> int:
        return sum(len(endpoint.examples) for endpoint in self.endpoints)


def totals(sheets: Mapping[str, Sheet]) -> dict[str, Counter[str]]:
    """Examples by evidence level, for every provider; under the empty name for all."""
    counted = {name: Counter(example.evidence for example in sheet.examples) for name, sheet in sheets.items()}
    return counted | {"": sum(counted.values(), Counter())}


def chapters(sheets: Iterable[Sheet], evidence: str, q: str) -> list[Chapter]:
    """Every example that has this ``evidence`` and all words of ``q``; empty means any."""
    words = q.casefold().split()
    found = []
    for sheet in sheets:
        examples = [one for one in sheet.examples if _fits(sheet, one, evidence, words)]
        groups = groupby(sorted(examples, key=lambda one: one.operation), key=lambda one: one.operation)
        endpoints = [_endpoint(operation, list(group)) for operation, group in groups]
        if endpoints:
            found.append(Chapter(sheet, endpoints))
    return found


def _fits(sheet: Sheet, example: Example, evidence: str, words: list[str]) -> bool:
    if evidence in EVIDENCE and example.evidence != evidence:
        return False
    if not words:
        return True
    request = example.document["request"]
    asked = f"{request['method']} /{sheet.name}{request['path']} {request.get('query', '')}"
    said = f"{sheet.title} {example.title} {example.operation} {example.source} {example.path} {asked}".casefold()
    return all(word in said for word in words)


def _endpoint(operation: str, examples: list[Example]) -> Endpoint:
    request = examples[0].document["request"]
    return Endpoint(operation, request["method"], str(request["path"]).partition("?")[0], examples)
