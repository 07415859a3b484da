"""`anlan demo load`: the district into the registers, once. A second run only mends what is missing."""

import gc
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from anlan.demo import accounts, instruments, tokens
from anlan.demo.checks import load_checks
from anlan.demo.desk_ledgers import load_assessments, load_desk_ledgers
from anlan.demo.district import District, generate
from anlan.demo.divisions import DISTRICT_CODE
from anlan.demo.geography import SEED
from anlan.demo.hazards import load_hazards
from anlan.demo.ledgers import load_figures, load_ledgers
from anlan.demo.permits import load_permits, name_people
from anlan.demo.registers import load_enterprises, load_facilities, load_organisations, load_people, load_places
from anlan.demo.risks import load_risks
from anlan.desk.audit.chain import Act, append
from anlan.know.places.models import Region

Say = Callable[[str], None]


class NotLoaded(RuntimeError):
    """The demo district cannot be put into this database; the text says why and what to do."""


def source(seed: int) -> str:
    """How every demo row's region names its origin, and how a second run knows the first."""
    return f"虚构演示数据（种子 {seed}）"


def command(seed: int) -> int:
    """The `anlan demo load` command. Exit code 1 when the database holds something else under the demo's codes."""
    try:
        load(seed, print)
    except NotLoaded as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


def load(seed: int = SEED, say: Say = lambda line: None) -> None:
    """Everything in one transaction: whoever looks sees all of the district or nothing. Errors: NotLoaded."""
    start = time.monotonic()
    there = loaded(seed)
    map_maker = _start_map(seed)
    if not there:
        district = generate(seed)
        with _no_collector(), transaction.atomic():
            put(district)
        say(
            f"Demo district (seed {seed}): {len(district.enterprises):,} enterprises, {len(district.facilities):,} "
            f"facilities, {len(district.devices):,} devices, in {time.monotonic() - start:.1f} s."
        )
    if tokens.renew_if_missing(seed):
        say(f"Device tokens for the simulator: {tokens.path()}")
    if accounts.open_if_missing(seed):
        name_people()
        say(f"Accounts and their passwords: {accounts.path()}")
    if map_maker is not None:
        made = map_maker.wait() == 0
        say(
            f"Base map and roads: {settings.BASEMAP}, {settings.ROADS}"
            if made
            else "No base map or no roads were made, see above; run this again to try anew."
        )


def loaded(seed: int) -> bool:
    """Whether this seed's district is there already. Errors: NotLoaded when another one is, or a real one."""
    region = Region.objects.filter(code=DISTRICT_CODE).first()
    if region is None:
        return False
    if region.source != source(seed):
        raise NotLoaded(
            f"Region {DISTRICT_CODE} is there already and comes from “{region.source or 'an import'}”, not from "
            f"the demo with seed {seed}. Load it into a home of its own: ANLAN_HOME=/path/to/folder anlan demo load"
        )
    return True


def put(district: District) -> None:
    """Rows of one District. The caller holds the transaction."""
    load_places(district, source(district.place.seed))
    organisations = load_organisations(district)
    enterprises = load_enterprises(district, organisations)
    load_people(district)
    facilities = load_facilities(district, enterprises)
    instruments.load_devices(district, facilities)
    load_risks(district, enterprises, facilities)
    load_hazards(district, enterprises)
    load_checks(district.place.seed, timezone.now())
    load_ledgers(district.place.seed, timezone.localdate())
    load_permits(district.place.seed)
    load_figures()
    load_desk_ledgers(district.place.seed, timezone.localdate())
    load_assessments(district.place.seed, timezone.now())
    append(
        Act(
            action="demo.load",
            region=DISTRICT_CODE,
            actor="operator",
            words=f"载入虚构演示区（种子 {district.place.seed}）",
            data={"enterprises": len(district.enterprises), "devices": len(district.devices)},
        )
    )


@contextmanager
def _no_collector() -> Iterator[None]:
    """Half a million new objects and no cycle among them: looking for cycles would take a third of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _start_map(seed: int) -> subprocess.Popen | None:
    """The base map is made beside, in a process of its own: it needs no database and the machine has other cores."""
    output, roads = Path(settings.BASEMAP), Path(settings.ROADS)
    if output.exists() and roads.exists():
        return None
    output.parent.mkdir(parents=True, exist_ok=True)
    return subprocess.Popen(
        [sys.executable, "-m", "anlan.demo.base_map", str(seed), str(output), str(roads)], stdout=subprocess.DEVNULL
    )
