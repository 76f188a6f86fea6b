"""si_push, ind_push: links sent as WAP push. Accepted, stored as text and answered like sendmsg; nothing more."""

from emulator.providers.clickatell.commands.sending import addressed, sent
from emulator.providers.clickatell.parameters import Given
from emulator.providers.clickatell.schemas import IND_PUSH_IN, MAX_CONCAT, SI_PUSH_IN, SendingIn


def si_push(given: Given) -> list[str]:
    """Send a service indication: a text and its link."""
    return _pushed(given, SI_PUSH_IN, ("si_text", "si_url"))


def ind_push(given: Given) -> list[str]:
    """Send an MMS indication: its subject and where the message can be fetched."""
    return _pushed(given, IND_PUSH_IN, ("mms_subject", "mms_url"))


def _pushed(given: Given, schema: SendingIn, shown: tuple[str, str]) -> list[str]:
    account, numbers = addressed(given)
    sending = schema.load(given)
    text = " ".join(sending[name] for name in shown)
    return sent(
        account, {**sending, "text": text, "concat": MAX_CONCAT}, numbers, always_to=True, guessed_utf8=given.guessed_utf8
    )
