"""What the commands do that belong to the house itself: each says what it did, and answers an exit code."""


def run(verbose: bool) -> int:
    from anlan.site import environment
    from anlan.site.supervisor.run import run as supervise

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
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    return 0
