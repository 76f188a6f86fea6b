"""What ``q`` asks of this emulator."""

from emulator.core.search import Query, Wire, parse
from emulator.edge.context import runtime


def asked(q: str, *wires: type[Wire]) -> Query:
    """``q``, whose ``status:`` may also be one of ``wires``. Raises Refusal(INVALID_FIELD), for unknown providers too."""
    return parse(q, *wires, providers=runtime().providers)
