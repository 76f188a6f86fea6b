"""auth, ping."""

from emulator.edge.context import keep_secret, smsc
from emulator.edge.errors import Fail
from emulator.providers.clickatell.auth import log_in, resume
from emulator.providers.clickatell.parameters import Given


def auth(given: Given) -> list[str]:
    """Open a session; it dies after 15 minutes without a call."""
    session = smsc.open_session(log_in(given))
    keep_secret(session.key)
    return [f"OK: {session.key}"]


def ping(given: Given) -> list[str]:
    """Keep a session alive."""
    session = given.get("session_id")
    if not session:
        raise Fail("005", field="session_id")
    resume(session)
    return [f"OK: {session}"]
