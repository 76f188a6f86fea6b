"""si_push, ind_push: links sent as WAP push. Accepted, stored as text and answered like sendmsg; nothing more."""

from flask import Blueprint
from werkzeug.wrappers import Response

from emulator.providers.clickatell.routes.sending import addressed, sent
from emulator.providers.clickatell.schemas import IND_PUSH_IN, MAX_CONCAT, SI_PUSH_IN, SendingIn

blueprint = Blueprint("pushes", __name__)


@blueprint.route("/mms/si_push", methods=["GET", "POST"])
@blueprint.route("/http/si_push", methods=["GET", "POST"])
def si_push() -> Response:
    """Send a service indication: a text and its link."""
    return _pushed(SI_PUSH_IN, ("si_text", "si_url"))


@blueprint.route("/mms/ind_push", methods=["GET", "POST"])
@blueprint.route("/http/ind_push", methods=["GET", "POST"])
def ind_push() -> Response:
    """Send an MMS indication: its subject and where the message can be fetched."""
    return _pushed(IND_PUSH_IN, ("mms_subject", "mms_url"))


def _pushed(schema: SendingIn, shown: tuple[str, str]) -> Response:
    given, account, numbers = addressed()
    sending = schema.load(given)
    text = " ".join(sending[name] for name in shown)
    return sent(account, {**sending, "text": text, "concat": MAX_CONCAT}, numbers, always_to=True)
