"""What a client may touch: on a shared server what it has opened itself, elsewhere everything."""

import re
from collections.abc import Mapping

from emulator.client.errors import ServerResetError, SharedServerError
from emulator.client.line import ERA

_TERM = re.compile(r'(?:[^\s"]|"[^"]*"?)+')


class Own:
    """What belongs to the client of one server. On a ``shared`` one the rest is refused with SharedServerError.

    ``since`` is the id of the newest message that is not the client's business, as long as that is there.
    """

    def __init__(self, *, shared: bool, since: str | None) -> None:
        self.shared = shared
        self.since = since
        self.accounts: set[str] = set()
        self.rules: set[str] = set()
        self.era: str | None = None

    def noticed(self, headers: Mapping[str, str]) -> None:
        """Raises ServerResetError where the client's accounts are gone, because somebody else has reset the server."""
        before, self.era = self.era, headers.get(ERA, self.era)
        if before in {None, self.era}:
            return
        self.since = None  # ids begin anew: another message may be given this one
        if self.shared and self.accounts:
            gone = ", ".join(sorted(self.accounts))
            self.accounts.clear()
            self.rules.clear()
            raise ServerResetError(gone)

    def must_be_all(self, wanted: str) -> None:
        __tracebackhide__ = True
        if self.shared:
            raise SharedServerError(wanted)

    def must_have(self, account: str | None, wanted: str) -> None:
        """``wanted`` says what is done to the account."""
        __tracebackhide__ = True
        if account not in self.accounts:
            self.must_be_all(f"{wanted} {account or 'whichever account it reaches'}, which is not yours,")

    def must_have_some(self, q: str, wanted: str) -> None:
        """A search must be for one account alone, named by a term of its own."""
        __tracebackhide__ = True
        terms = _TERM.findall(q)
        if not self.accounts.intersection(
            one.removeprefix("account:").strip('"') for one in terms if one.startswith("account:")
        ):
            self.must_be_all(f"{wanted} of accounts that are not yours")

    def must_have_rule(self, rule: str) -> None:
        __tracebackhide__ = True
        if rule not in self.rules:
            self.must_be_all(f"removing the fault {rule}, which is not yours,")
