"""startbatch, senditem, quicksend, endbatch."""

from emulator.providers.clickatell import batches
from emulator.providers.clickatell.auth import authenticate
from emulator.providers.clickatell.commands.sending import addressed, sent
from emulator.providers.clickatell.parameters import Given
from emulator.providers.clickatell.schemas import BATCH_IN, SENDMSG_IN, STARTBATCH_IN


def startbatch(given: Given) -> list[str]:
    """Begin a batch with a template and the parameters all its messages share."""
    account = authenticate(given)
    STARTBATCH_IN.load(given)
    return [f"ID: {batches.start(account, given).key}"]


def senditem(given: Given) -> list[str]:
    """Send the template with its fields filled in."""
    account, numbers = addressed(given)
    batch = batches.running(account, BATCH_IN.load(given)["batch_id"])
    return sent(account, SENDMSG_IN.load({**batch.parameters, "text": batch.rendered(given)}), numbers)


def quicksend(given: Given) -> list[str]:
    """Send the template as it stands to several numbers."""
    account, numbers = addressed(given)
    batch = batches.running(account, BATCH_IN.load(given)["batch_id"])
    text = batch.parameters["template"]
    return sent(account, SENDMSG_IN.load({**batch.parameters, "text": text}), numbers, always_to=True)


def endbatch(given: Given) -> list[str]:
    """End a batch; its id is worth nothing afterwards."""
    account = authenticate(given)
    batch_id = BATCH_IN.load(given)["batch_id"]
    batches.end(batches.running(account, batch_id))
    return ["OK"]
