"""What stands between a command's words and the verbs of the house: each says what it did, and answers an exit code."""

import sys
from pathlib import Path


def run(verbose: bool) -> int:
    from anlan.site import environment
    from anlan.site.supervisor.run import run as supervise
    from anlan.telemetry.settings import load

    load()  # a wrong value is said before anything is started
    return supervise(environment.home(), verbose)


def status() -> int:
    """One line for each process; 1 when the platform or one of its processes does not run."""
    from anlan.site import environment
    from anlan.site.supervisor import memory
    from anlan.site.supervisor.status import running

    facts = running(environment.home())
    if not facts:
        print("Anlan does not run on this home. Start it with: anlan run")
        return 1
    print(f"Anlan {facts['version']} at {facts['address']} since {facts['started_at']}")
    total = memory.megabytes(facts["pid"])
    for name, process in facts["processes"].items():
        used = memory.megabytes(process["pid"])
        total += used
        print(f"  {name:<12} {process['state']:<11} {used:6.0f} MB   restarts {process['restarts']}")
    print(f"  {'all':<12} {'':<11} {total:6.0f} MB")
    return 0 if all(process["state"] == "running" for process in facts["processes"].values()) else 1


def check(deploy: bool) -> int:
    from django.core.management import CommandError, call_command

    try:
        call_command("check", deploy=deploy, fail_level="ERROR")
    except CommandError as error:
        print(error)
        return 1
    return 0


def migrate() -> int:
    from anlan.site.tables import prepare

    prepare()
    return 0


def account_create(username: str, name: str, role: str, organisation: str, region: str) -> int:
    from django.core.exceptions import ValidationError

    from anlan.desk.access.actions import create_account
    from anlan.desk.access.standing import Refused

    try:
        user, password = create_account(
            None, username=username, name=name, role=role, organisation=organisation, region=region
        )
    except (ValidationError, Refused, ValueError) as error:
        print("; ".join(error.messages) if isinstance(error, ValidationError) else error)
        return 1
    print(f"{user.username} may sign in with the one-time password {password}")
    return 0


def audit_seal() -> int:
    from datetime import UTC, datetime

    from anlan.desk.audit import seals

    print(f"Sealed in {seals.file()}." if seals.write(datetime.now(UTC)) else "Nothing happened since the last seal.")
    return 0


def import_regions(folder: Path, source: str) -> int:
    from anlan.know.places.divisions import NoTables
    from anlan.know.places.loading import import_regions as load

    return _reported(load, NoTables, folder, source=source)


def import_boundaries(file: Path, datum: str, source: str) -> int:
    from anlan.know.places.boundaries import NotBoundaries
    from anlan.know.places.boundaries import import_boundaries as load

    return _reported(load, NotBoundaries, file, datum=datum, source=source)


def _reported(load, expected: type[Exception], *given, **named) -> int:
    try:
        report = load(*given, **named)
    except expected as error:
        print(error)
        return 1
    print(report)
    return 1 if report.refused else 0


def map_build(extract: Path, output: Path | None) -> int:
    from anlan.onemap.basemap.command import run as build
    from anlan.site import environment

    return build(extract, output or environment.home() / "map" / "base.pmtiles")


def roads_build(extract: Path, output: Path | None) -> int:
    from anlan.know.roads.building import NoRoads, build
    from anlan.site import environment

    output = output or environment.home() / "map" / "roads.tar"
    try:
        built = build(extract, output)
    except NoRoads as problem:
        print(f"No road network was made. {problem}", file=sys.stderr)
        return 1
    print(f"{output}: {built.tiles:,} tiles, {built.size / 1e6:.1f} MB.")
    return 0


def replay(token: str, port: int, **given) -> int:
    import argparse
    import os

    from anlan.telemetry.replay import command

    token = token or os.environ.get("ANLAN_DEVICE_TOKEN", "")
    port = port or int(os.environ.get("ANLAN_MQTT_PORT") or 1883)
    return command(argparse.Namespace(token=token, port=port, **given))


def broker() -> None:
    """Becomes the broker, with its data in the home."""
    import os

    from anlan.telemetry import broker as server
    from anlan.telemetry.settings import load

    command = server.command(load().home, int(os.environ.get("ANLAN_NATS_PORT") or 4222))
    os.execv(command[0], command)


def gateway() -> None:
    _module("anlan.telemetry.gateway")


def rules(shard: int) -> None:
    _module("anlan.telemetry.rules", "--shard", str(shard))


def archive() -> None:
    _module("anlan.telemetry.archive")


def poller() -> None:
    _module("anlan.telemetry.poller")


def _module(name: str, *arguments: str) -> None:
    """Runs a process of the pipeline as `python -m` does."""
    import runpy
    import sys

    sys.argv = [name, *arguments]
    runpy.run_module(name, run_name="__main__", alter_sys=True)
