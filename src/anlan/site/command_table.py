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
SERVICES = " For a service manager: see deploy/."

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
        "replay",
        f"{VERBS}:replay",
        "Send a recorded series to the platform as a device would, at any speed.",
        (
            _file("file", "CSV with a line of column names"),
            _a("--token", help="the device's token, as its page shows it; or ANLAN_DEVICE_TOKEN", default=""),
            _a("--host", help="where the gateway is", default="127.0.0.1"),
            _a("--port", help="its MQTT port; nothing: that of the platform running here", type=int, default=0),
            _a("--time", help="column of the time (timestamp)", default="timestamp"),
            _a("--value", help="column, or column=key under which it is sent (value)", action="append", default=[]),
            _a("--zone", help="zone of times that name none (Asia/Shanghai)", default="Asia/Shanghai"),
            _a("--speed", help="times as fast as recorded; 0 as fast as it goes", type=float, default=1.0),
            _a("--end-now", help="shift all times so that the last row is now", action="store_true"),
        ),
    ),
    Command("broker", f"{VERBS}:broker", "Only the broker.", more=SERVICES),
    Command("gateway", f"{VERBS}:gateway", "Only the gateway, which hears devices.", more=SERVICES),
    Command(
        "rules",
        f"{VERBS}:rules",
        "Only a rule worker, which raises alarms.",
        (_a("--shard", help="which share of the points, from 0", type=int, default=0),),
        more=SERVICES,
    ),
    Command("archive", f"{VERBS}:archive", "Only the archive, which keeps readings.", more=SERVICES),
    Command("poller", f"{VERBS}:poller", "Only the poller, which asks Modbus and OPC UA sources.", more=SERVICES),
    Command("web", "anlan.site.web:serve", "Only the web process.", more=SERVICES),
    Command("work", "anlan.site.work:run", "Only the work process: consumers, schedule, jobs.", more=SERVICES),
    Command(
        "account create",
        f"{VERBS}:account_create",
        "Open an account at the machine itself, before there is an administrator; prints a one-time password.",
        (
            _a("username", help="what is typed to sign in: letters, digits, dots"),
            _a("--name", help="the person's name", required=True),
            _a("--role", help="the first post's role, as system_administrator", default=""),
            _a("--organisation", help="code of the organisation or enterprise of the post", default=""),
            _a("--region", help="division code of the region the post is for; nothing: all", default=""),
        ),
        django=True,
    ),
    Command(
        "audit verify",
        "anlan.desk.audit.verification:command",
        "Prove that the history is whole; names each place where it is not, with exit code 1.",
        django=True,
    ),
    Command(
        "audit seal",
        f"{VERBS}:audit_seal",
        "Write the newest seal to the file outside the database now, instead of at the next round.",
        django=True,
    ),
    Command(
        "demo load",
        "anlan.demo.load:command",
        "Load the invented district, its base map and its accounts; running it again changes nothing.",
        (_a("--seed", help="another seed makes another district", type=int, default=3),),
        django=True,
    ),
    Command("simulate", "anlan.demo.simulator:main", "Only the simulator: the demo district's devices.", more=SERVICES),
    Command(
        "scenario",
        "anlan.demo.stage:command",
        "Start a scenario in the running simulator, stop it, or list what there is.",
        (
            _a("name", help="a scenario, as tank-overfill; nothing: list them", nargs="?", default=""),
            _a("--stop", help="stop it instead", action="store_true"),
        ),
    ),
    Command(
        "packs try",
        "anlan.demo.trial:command",
        "Read the packs in use and play their scenarios before the rules; exit code 1 when something is wrong.",
        django=True,
    ),
    Command(
        "packs test",
        "anlan.telemetry.rules.examples:command",
        "Try the rules of the packs in use on the example series they give; exit code 1 when one departs.",
        reaches_platform=False,
    ),
    Command(
        "import regions",
        f"{VERBS}:import_regions",
        "Read the division tables of a folder; running it again changes nothing.",
        (
            _file("folder", "the folder with the tables, as CSV"),
            _a("--source", help="where they come from, kept with every region", default=""),
        ),
        django=True,
    ),
    Command(
        "import boundaries",
        f"{VERBS}:import_boundaries",
        "Read outlines of regions from a GeoJSON file.",
        (
            _file("file", "the GeoJSON file; its features name their division code"),
            _a("--datum", help="coordinates of the file", choices=("wgs84", "gcj02", "bd09"), default="wgs84"),
            _a("--source", help="where they come from", default=""),
        ),
        django=True,
    ),
    Command(
        "map build",
        f"{VERBS}:map_build",
        "Make the base map from any OpenStreetMap extract.",
        (
            _file("extract", "an .osm.pbf or .osm file"),
            _file("--output", "where to put it instead of the home", metavar="FILE"),
        ),
    ),
    Command(
        "roads build",
        f"{VERBS}:roads_build",
        "Make the road network for ways and distances from any OpenStreetMap extract.",
        (
            _file("extract", "an .osm.pbf or .osm file"),
            _file("--output", "where to put it instead of the home", metavar="FILE"),
        ),
    ),
    Command(
        "standard",
        "anlan.site.standard_command:run",
        "Ask a law or standard: answers with the tree of rules, values and clauses it rests on.",
        (
            _a("name", help="what to ask, as gb18218; nothing: list them", nargs="?", default=""),
            _file("file", "the question as YAML, JSON or CSV; nothing: show examples", nargs="?", default=None),
            _a("--json", help="answer as JSON", action="store_true"),
            _a("--on", help="the day for which is asked, as 2026-11-24; nothing: today", default=""),
            _a(
                "--since",
                help="the day the thing came under the rule, where an edition spares what was there",
                default="",
            ),
            _a("--language", help="language of the answer", choices=("zh", "en"), default="zh"),
        ),
        reaches_platform=False,
        more=" Exit code 1 where there is no answer, 2 where the question is wrong.",
    ),
    Command(
        "messages",
        "anlan.site.messages:command",
        "Compile the English texts of the interface.",
        (_a("--update", help="first renew the catalogue from the sources", action="store_true"),),
        reaches_platform=False,
    ),
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
