"""Every `anlan` command as data: its words, what runs, what is said about it. docs/commands.md is made from this."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Argument:
    """`options` are those of argparse's add_argument."""

    names: tuple[str, ...]
    help: str
    options: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Command:
    """`target` is `module:function`, called with the arguments by name; it may answer an exit code."""

    words: str
    target: str
    help: str
    arguments: tuple[Argument, ...] = ()
    django: bool = False  # set Django up first
    reaches_platform: bool = True  # find ports and broker of the platform that runs on this home
    more: str = ""  # what else the help should say


def _a(*names: str, help: str, **options) -> Argument:
    return Argument(names, help, options)


def _file(name: str, help: str, **options) -> Argument:
    return _a(name, help=help, type=Path, **options)


VERBS = "anlan.site.command_verbs"

COMMANDS = (
    Command(
        "run",
        f"{VERBS}:run",
        "Set up what is missing and start the whole platform; Ctrl-C ends it.",
        (_a("--verbose", help="show every line of every process, not only what needs attention", action="store_true"),),
        reaches_platform=False,
    ),
    Command(
        "status",
        f"{VERBS}:status",
        "Say what runs: address, ports, processes, memory. Exit code 1 when something does not.",
        reaches_platform=False,
    ),
    Command(
        "check",
        f"{VERBS}:check",
        "Check the configuration and name what is wrong, with a hint.",
        (_a("--deploy", help="also check what matters once others can reach it", action="store_true"),),
        django=True,
    ),
    Command(
        "migrate",
        f"{VERBS}:migrate",
        "Bring the database to this version: first start and upgrade.",
        django=True,
    ),
    Command(
        "web", "anlan.site.web:serve", "Only the web process, as a service manager starts it.", more=" See deploy/."
    ),
    Command("work", "anlan.site.work:run", "Only the work process: consumers, schedule, jobs.", more=" See deploy/."),
    Command(
        "backup",
        "anlan.site.backup.take:command",
        "Write database, documents, archive and seals into one file, while the platform runs.",
        (
            _file("file", "the file to write, ending in .tar"),
            _file("--keys", "also write the keys, into a file of their own", metavar="KEYFILE"),
        ),
        django=True,
    ),
    Command(
        "restore",
        "anlan.site.backup.restore:command",
        "Put a backup into an empty home and bring it to this version.",
        (
            _file("file", "a file written by 'anlan backup'"),
            _file("--keys", "the key file written with it", metavar="KEYFILE"),
        ),
        reaches_platform=False,
    ),
)
