"""A permit in words: what its panels, its printed form and its public page say."""

from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anlan.prevent.admission.certificates import certificates
from anlan.prevent.permits import judging
from anlan.prevent.permits.kinds import KINDS, LEVELS
from anlan.prevent.permits.models import GasTest, Permit
from anlan.prevent.permits.states import PROCESS

GAS_WORDS = {"oxygen": "O₂", "flammable": "LEL", "H2S": "H₂S", "CO": "CO", "NH3": "NH₃"}
GAS_UNITS = {"oxygen": "%vol", "flammable": "%LEL"}
VALID = ("working",)


def titled(permit: Permit) -> str:
    """动火作业 一级."""
    return f"{KINDS[permit.kind].title} {LEVELS[permit.level]}" if permit.level else str(KINDS[permit.kind].title)


def state(permit: Permit):
    return PROCESS.by_name[permit.state].title


def measures(permit: Permit) -> list[dict]:
    language = "en" if (get_language() or "").startswith("en") else "zh"
    return [{**measure, "words": measure[language]} for measure in permit.measures]


def gas_tests(permit: Permit, most: int = 12) -> list[dict]:
    return [_test(test) for test in permit.gas_tests.select_related("by")[:most]]


def _test(test: GasTest) -> dict:
    readings = [
        f"{GAS_WORDS.get(gas, gas)} {value:g} {GAS_UNITS.get(gas, 'ppm')}" for gas, value in test.readings.items()
    ]
    return {
        "test": test,
        "readings": readings,
        "failed": [_failed(reason) for reason in _wrong(test.explanation)],
        "by": test.by or _("在线监测"),
        "instrument": test.source != "person",
    }


def _wrong(explanation: dict) -> list[dict]:
    """The deepest reasons that say no."""
    below = [one for reason in explanation.get("because", ()) for one in _wrong(reason)]
    if below or explanation.get("value") is not False:
        return below
    return [explanation]


def _failed(reason: dict) -> str:
    language = "en" if (get_language() or "").startswith("en") else "zh"
    clause = reason["clause"]["said"][language] if reason.get("clause") else ""
    return _("%(rule)s（%(clause)s）") % {"rule": reason["rule"][language], "clause": clause}


def people(permit: Permit) -> list[dict]:
    workers = list(permit.workers.all())
    found = certificates(worker.certificate for worker in workers)
    return [{"worker": worker, "certificate": found.get(worker.certificate)} for worker in workers]


def reasons(permit: Permit) -> list[str]:
    return [judging.said(reason) for reason in judging.now_against(permit)]


def printed(permit: Permit) -> dict:
    signed = permit.case.steps.select_related("actor").exclude(actor=None).order_by("at", "pk")
    titles = {step.action: step.title for step in PROCESS.steps}
    return {
        "permit": permit,
        "kind": titled(permit),
        "state": state(permit),
        "measures": measures(permit),
        "tests": gas_tests(permit),
        "isolations": list(permit.isolations.select_related("set_by")),
        "people": people(permit),
        "signatures": [{"what": titles.get(step.action, step.action), "step": step} for step in signed],
    }


def validity(permit: Permit, now: datetime) -> dict:
    """What a passer-by may know: whether it is valid now, the kind, the place, until when."""
    ended = now >= permit.valid_until
    return {
        "permit": permit,
        "kind": titled(permit),
        "state": state(permit),
        "valid": permit.is_open and permit.state in VALID and not ended,
        "ended": ended,
        "now": now,
    }
