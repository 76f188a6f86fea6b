"""Results as Markdown."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass


@dataclass(frozen=True, slots=True)
class Row:
    what: str
    figure: str
    remark: str = ""


def facts(rows: Sequence[Row]) -> str:
    return table(("measured", "result", "remark"), [astuple(row) for row in rows], figures={1})


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], figures: set[int]) -> str:
    """A table that can be read as it is; the columns numbered in ``figures`` stand to the right."""
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    rule = ["-" * (width - 1) + (":" if place in figures else "-") for place, width in enumerate(widths)]
    lines = [
        " | ".join(cell.rjust(width) if place in figures else cell.ljust(width) for place, (cell, width) in enumerate(pairs))
        for pairs in (zip(row, widths, strict=True) for row in (heads, rule, *rows))
    ]
    return "\n".join(f"| {line} |" for line in lines)
