"""The `anlan` command. What there is to say stands in command_table.py; here it is parsed and handed on.

Only what a command names is imported, so that `anlan run` and the pipeline's processes stay small.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from anlan import __version__
from anlan.site.command_table import COMMANDS, Command
from anlan.site.environment import MISCONFIGURED, EnvironmentProblem
from anlan.telemetry.settings import SettingProblem


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs one command and ends the process: 0 done, 1 refused or failed, 2 not understood, 78 wrongly configured."""
    chosen = vars(parser().parse_args(arguments))
    command: Command = chosen.pop("command")
    module, _, function = command.target.partition(":")
    try:
        environment(command)
        code = getattr(import_module(module), function)(**chosen)
    except KeyboardInterrupt:
        sys.exit(130)
    except (EnvironmentProblem, SettingProblem) as problem:
        print(problem, file=sys.stderr)
        sys.exit(MISCONFIGURED)
    sys.exit(code if isinstance(code, int) else 0)


def parser() -> argparse.ArgumentParser:
    """The grammar of all commands, made from the table."""
    top = argparse.ArgumentParser(prog="anlan", description="Anlan: work safety and emergency management.")
    top.add_argument("--version", action="version", version=f"anlan {__version__}")
    places = {(): top.add_subparsers(metavar="COMMAND", required=True)}
    for command in COMMANDS:
        *above, last = command.words.split()
        for depth in range(len(above)):
            group = tuple(above[: depth + 1])
            if group not in places:
                titles = ", ".join(one.words.split()[-1] for one in COMMANDS if one.words.split()[:-1] == list(group))
                branch = places[group[:-1]].add_parser(group[-1], help=titles)
                places[group] = branch.add_subparsers(metavar="COMMAND", required=True)
        leaf = places[tuple(above)].add_parser(last, help=command.help, description=command.help + command.more)
        for argument in command.arguments:
            leaf.add_argument(*argument.names, help=argument.help, **argument.options)
        leaf.set_defaults(command=command)
    return top


def environment(command: Command) -> None:
    """Gives the command what it needs to reach a platform that runs on the same home, and Django if it uses it."""
    from anlan.site.supervisor import ports, status
    from anlan.telemetry import broker, settings

    home = settings.load().home
    running = status.running(home) if command.reaches_platform else {}
    for port in ports.PORTS:
        if port.name in running.get("ports", {}):
            os.environ.setdefault(port.variable, str(running["ports"][port.name]))
    if command.reaches_platform and (home / "nats" / "token").exists():
        port = int(os.environ.get("ANLAN_NATS_PORT") or 4222)
        os.environ.setdefault("ANLAN_NATS_URL", broker.url(home, port))
    if command.django:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anlan.site.settings")
        import django

        django.setup()


if __name__ == "__main__":
    main()
