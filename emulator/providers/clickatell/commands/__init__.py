"""What each command does: its parameters in, the lines that answer it out. The HTTP and the SOAP API both call them."""

from collections.abc import Callable, Mapping

from emulator.providers.clickatell.commands import batches, pushes, queries, sending, sessions
from emulator.providers.clickatell.parameters import Given

Command = Callable[[Given], list[str]]

COMMANDS: Mapping[str, Command] = {
    command.__name__: command
    for command in (
        sessions.auth,
        sessions.ping,
        sending.sendmsg,
        queries.querymsg,
        queries.delmsg,
        queries.getbalance,
        queries.getmsgcharge,
        queries.routecoverage,
        queries.token_pay,
        pushes.si_push,
        pushes.ind_push,
        batches.startbatch,
        batches.senditem,
        batches.quicksend,
        batches.endbatch,
    )
}
