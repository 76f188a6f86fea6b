"""The commands that ask a running emulator: messages, wait, reset."""

import argparse
import os
import sys
from collections.abc import Callable

from emulator.client import Client, EmulatorError, Message, NotReceivedError, UnreachableError, UnwantedError
from emulator.config import PREFIX, Settings

FOUND, NOT_FOUND, FAILED = 0, 1, 2
_LINE_END = str.maketrans({"\n": "⏎", "\r": "", "\t": " "})


def client_for(options: argparse.Namespace) -> Client:
    """At ``--url``, else SMS_EMULATOR_URL, else the default port."""
    default = f"http://127.0.0.1:{os.environ.get(f'{PREFIX}PORT', Settings().port)}"
    return Client(options.url or os.environ.get("SMS_EMULATOR_URL") or default)


def messages(options: argparse.Namespace) -> int:
    return _asked(options, lambda client: _show(client.messages(" ".join(options.q), limit=options.limit), options))


def wait(options: argparse.Namespace) -> int:
    return _asked(options, _waited_for_none if options.none else _waited_for_code if options.code else _waited, options)


def reset(options: argparse.Namespace) -> int:
    def act(client: Client) -> int:
        client.reset(options.account)
        return FOUND

    return _asked(options, act)


def _asked(options: argparse.Namespace, act: Callable[..., int], *more: argparse.Namespace) -> int:
    try:
        return act(client_for(options), *more)
    except (NotReceivedError, UnwantedError) as error:
        print(f"sms-emulator: {error}", file=sys.stderr)
        return NOT_FOUND
    except (EmulatorError, UnreachableError, ValueError) as error:
        print(f"sms-emulator: {error}", file=sys.stderr)
        return FAILED


def _waited(client: Client, options: argparse.Namespace) -> int:
    found = client.wait(" ".join(options.q), count=options.count, timeout=options.timeout, after=options.after)
    return _show(found, options)


def _waited_for_none(client: Client, options: argparse.Namespace) -> int:
    client.wait_for_none(" ".join(options.q), timeout=options.timeout, after=options.after)
    return FOUND


def _waited_for_code(client: Client, options: argparse.Namespace) -> int:
    """The first code of the newest message that has one; messages without are let pass."""
    print(client.wait_for_code(" ".join(options.q), timeout=options.timeout, after=options.after))
    return FOUND


def _show(found: list[Message], options: argparse.Namespace) -> int:
    for message in found:
        print(message.text if options.text else _line(message))
    return FOUND


def _line(message: Message) -> str:
    at = message.created_at.strftime("%Y-%m-%d %H:%M:%S")
    sender, recipient, text = map(_printable, (message.sender, message.recipient, message.text))
    return f"{at}  {message.provider:10} {message.status:11} {sender} -> {recipient}  {text}"


def _printable(text: str) -> str:
    return "".join(one if one.isprintable() else "�" for one in text.translate(_LINE_END))
