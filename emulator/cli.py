"""The commands: serve, exec, examples, routes; messages, wait and reset ask a running emulator."""

import argparse
import os
import sys
from collections.abc import Collection, Mapping

from emulator import __version__
from emulator.config import HELP, SettingError, Settings, unknown_variables


def main(arguments: list[str] | None = None) -> int:
    """Run one command; answers its exit code."""
    options = _parser().parse_args(arguments)
    try:
        code = int(options.run(options))
        sys.stdout.flush()
        return code
    except SettingError as error:
        print(f"sms-emulator: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # whoever read has seen enough; what is still to be written must not complain at the end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141


def serve(options: argparse.Namespace) -> int:
    from emulator import launch, server  # noqa: PLC0415  # granian is for this command only

    settings = _settings(options)
    for name in unknown_variables(os.environ):
        print(f"sms-emulator: {name} is no setting; see sms-emulator serve --help", file=sys.stderr)
    try:
        port = launch.free_port(settings.host, settings.port)
    except launch.PortTakenError as error:
        print(
            f"sms-emulator: {error}. Stop the other program, or take a free port: --port 0.",
            file=sys.stderr,
        )
        return 1
    except OSError as error:
        print(f"sms-emulator: cannot listen at {settings.host}: {error}", file=sys.stderr)
        return 1
    taken = _settings(options, port=str(port))
    if options.end_with_stdin:
        server.end_with_stdin()
    server.run(taken, on_ready=lambda: print(_banner(taken, launch.connectable(taken.host)), flush=True))
    print("sms-emulator stopped", flush=True)
    return 0


def execute(options: argparse.Namespace) -> int:
    from emulator.execute import execute as run  # noqa: PLC0415

    command = options.command[1:] if options.command[:1] == ["--"] else options.command
    if not command:
        print("sms-emulator: exec needs a command: sms-emulator exec -- pytest", file=sys.stderr)
        return 2
    _settings(options)  # what makes no sense is said before anything is started
    return run(command, {name: value for name in HELP if (value := getattr(options, name, None)) is not None})


def ask(options: argparse.Namespace) -> int:
    from emulator import remote  # noqa: PLC0415  # an HTTP client, which serve does not need

    return int(getattr(remote, options.asked)(options))


def routes(options: argparse.Namespace) -> int:  # noqa: ARG001  # every command takes its options
    from emulator.app import create_app  # noqa: PLC0415
    from emulator.listing import endpoints  # noqa: PLC0415

    rows = [
        (endpoint.methods, endpoint.url, endpoint.operation, endpoint.file, endpoint.example or "-")
        for endpoint in endpoints(create_app())
    ]
    heads = ("METHOD", "URL", "FUNCTION", "FILE", "EXAMPLE")
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    for row in (heads, *rows):
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    return 0


def examples(options: argparse.Namespace) -> int:
    from emulator.examples import TargetError, run_all  # noqa: PLC0415
    from emulator.fixtures import FixtureError  # noqa: PLC0415

    try:
        return run_all(provider=options.provider, base_url=options.base_url)
    except (FixtureError, TargetError) as error:
        print(f"sms-emulator: {error}", file=sys.stderr)
        return 2


def _banner(settings: Settings, host: str) -> str:
    from emulator.fixtures import BUILT_IN, load_sheet  # noqa: PLC0415  # after the server answers, not before

    base = f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"
    sheets = [load_sheet(path.parent.name, settings.fixtures) for path in sorted(BUILT_IN.glob("*/provider.yaml"))]
    lines = [f"sms-emulator {__version__} is ready at {base}  (open it in a browser: the inbox)", ""]
    lines += [f"  {sheet.title:<18} {base}/{sheet.name}" for sheet in sheets]
    lines += [f"  {'captured messages':<18} {base}/_emulator/messages", "", "Try one:", ""]
    lines += [f"  {sheet.document['try'].strip().replace('{base}', f'{base}/{sheet.name}')}" for sheet in sheets]
    return "\n".join([*lines, "", "Ctrl-C stops. One line per message follows.", ""])


def _settings(options: argparse.Namespace, **overrides: str) -> Settings:
    given: Mapping[str, str | None] = {name: getattr(options, name, None) for name in HELP} | overrides
    return Settings.read(os.environ, given)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sms-emulator", description="Speaks the HTTP dialects of real SMS providers.")
    parser.add_argument("--version", action="version", version=f"sms-emulator {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    command = commands.add_parser("serve", help="start the emulator", description="Start the emulator.")
    _add_settings(command, HELP)
    command.add_argument("--end-with-stdin", action="store_true", help=argparse.SUPPRESS)
    command.set_defaults(run=serve)

    command = commands.add_parser(
        "exec",
        help="start an emulator on a free port, run a command beside it, stop, and answer its exit code",
        usage="sms-emulator exec [settings of serve] -- COMMAND...",
        description="COMMAND finds SMS_EMULATOR_URL and one <PROVIDER>_URL per provider in its environment.",
    )
    _add_settings(command, HELP.keys() - {"host", "port"})
    command.add_argument("command", nargs=argparse.REMAINDER, metavar="-- COMMAND")
    command.set_defaults(run=execute)

    _add_questions(commands)

    command = commands.add_parser("examples", help="run every documented example and compare the answers")
    command.add_argument("--provider", help="only this provider's")
    command.add_argument("--base-url", help="run them against this server instead of one of their own")
    command.set_defaults(run=examples)

    command = commands.add_parser("routes", help="list every endpoint with its function, file and example")
    command.set_defaults(run=routes)
    return parser


def _add_settings(command: argparse.ArgumentParser, names: Collection[str]) -> None:
    for name in (name for name in HELP if name in names):
        command.add_argument(
            f"--{name.replace('_', '-')}", metavar=name.upper(), help=f"{HELP[name]} (EMULATOR_{name.upper()})"
        )


def _add_questions(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """What a running emulator is asked; all take the q language as words."""
    url = "of the emulator; else SMS_EMULATOR_URL, else the default port"
    about = {
        "messages": "print captured messages, newest first",
        "wait": "wait for a message and print it; exit code 1 when the time is over",
        "reset": "go back to the seeded state",
    }
    parsers = {
        name: commands.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.") for name, text in about.items()
    }
    for name, parser in parsers.items():
        parser.add_argument("--url", help=url)
        parser.set_defaults(run=ask, asked=name)
    for name in ("messages", "wait"):
        parsers[name].add_argument("q", nargs="*", help="what to find, such as to:2799900001 '\"your code\"'")
        parsers[name].add_argument("--text", action="store_true", help="print the texts alone")
    parsers["messages"].add_argument("--limit", type=int, default=50)
    parsers["wait"].add_argument("--code", action="store_true", help="print just the one-time code")
    parsers["wait"].add_argument("--none", action="store_true", help="wait that none comes")
    parsers["wait"].add_argument("--count", type=int, default=1)
    parsers["wait"].add_argument("--timeout", type=float, default=10.0, help="seconds")
    parsers["wait"].add_argument("--after", metavar="ID", help="the newest message that is too old")
    parsers["reset"].add_argument("--account", metavar="ID", help="this account only")
