"""`anlan packs try`: are the packs in use whole, and do their scenarios keep what they promise?"""

import sys

from django.core import checks

from anlan import packs


def command() -> int:
    """Says what is read and what is wrong with it, in sentences. Exit code 1 when something is."""
    wrong = [f"{found.msg} {found.hint or ''}".strip() for found in checks.run_checks() if found.is_serious()]
    if not wrong:
        wrong = played()
    for sentence in wrong:
        print(sentence, file=sys.stderr)
    return 1 if wrong else 0


def played() -> list[str]:
    """Plays every scenario before the rules and says how many entries each section has; answers what is broken."""
    try:
        for path in sorted(packs.SCHEMAS.glob("*.yaml")):
            print(f"{path.stem:<22} {len(packs.section(path.stem)):>5}")
        from anlan.demo.rehearsal import broken_promises  # reads the scenarios, which may be wrong
        from anlan.demo.scenarios import SCENARIOS

        return broken_promises(SCENARIOS.values())
    except packs.PackError as problem:
        return [str(problem)]
