"""What ``q`` asks of this emulator."""

from emulator.core.errors import Refusal
from emulator.core.search import Query, Wire, parse
from emulator.edge.context import runtime


def asked(q: str, *wires: type[Wire], field: str = "q") -> Query:
    """``q``, whose ``status:`` may also be one of ``wires``. Raises Refusal(INVALID_FIELD), for unknown providers too.

    ``field`` is what the caller knows it by.
    """
    try:
        return parse(q, *wires, providers=runtime().providers)
    except Refusal as refusal:
        raise Refusal(refusal.reason, refusal.detail, field=field) from refusal
