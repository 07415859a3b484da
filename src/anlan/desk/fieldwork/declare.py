"""What the phone carries and what it sends, as a capability writes it in its room `phone.py`.

    BUNDLES = [
        Bundle(name="checks.tasks", title=_("检查任务"), permission="checks.answer", items=tasks_of, order=10),
        Bundle(name="checks.forms", title=_("检查表"), permission="checks.answer", items=forms_of),
        Bundle(name="enterprises.files", title=_("企业档案"), permission="enterprises.see", items=pages_of),
    ]
    SUBMISSIONS = [
        Submission(name="hazards.report", title=_("报隐患"), permission="hazards.add", apply=report, form=report_form),
        Submission(name="checks.answers", title=_("检查结果"), permission="checks.answer", apply=answer),
    ]

`items(user)` answers what this person's gate allows now: `Task`, `Form` and `Page` entries, each with a key of its
own within the bundle. What is no longer answered leaves the phone with the next contact; only what changed is sent.

`apply(user, payload, files)` does the deed with the capability's own verb and answers `Applied`. The payload holds

    key        the sender's own id of this sending (a UUID): apply must be idempotent by it; the engine never calls it
               again after it has answered, but a process may be killed between the deed and the note
    answers    {question name: value}
    details    {name of a verdict question answered "not": {name of its detail question: value}}
    fixed      what the Task or Form gave along, unchanged ({"task": 12}); it comes from the phone: check it
    base       the answers as the Task knew them when it was fetched, for `merging.merge`
    made_at    aware datetime at which the person finished, by the phone's clock, never later than the arrival
    place      {"lon", "lat", "accuracy"} where that was, or None

and `files` is {id used in the answers: Document}. Values by kind of question: verdict "ok" | "not" | "na"; text and
long a string; number a float; choice a value; choices a list of values; pick {"key", "text"} or {"text"}; date
"2026-05-01"; place {"lon", "lat", "accuracy"}; photos, voice and signature a list of file ids. What was not answered is
absent.

ValidationError and Refused from `apply` keep the sending as a letter with the reason, shown to the sender and to an
officer; `Conflict` lets the sender choose field by field. Any other exception is a fault of ours: tried again.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from anlan.desk.lists.rooms import declared, permission_faults, refuse

KINDS = {
    "verdict": "conforms / does not / not applicable; only 'does not' opens the detail",
    "text": "one line",
    "long": "several lines",
    "number": "a number, with its unit",
    "choice": "one of some values",
    "choices": "any of some values",
    "pick": "one item of a bundle, found by words; what is not in the bundle is given in one's own words",
    "date": "a day",
    "place": "where: from the phone's own position",
    "photos": "pictures, with a finger drawing on them if wanted; `before` shows older ones beside",
    "voice": "spoken words",
    "signature": "a name written on the glass",
}
MOST_ITEMS = 500  # of one bundle: what a phone should carry, and what one answer should hold


@dataclass(frozen=True)
class Choice:
    """One value of a choice question."""

    value: str
    title: Any


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question, one row on the phone. `detail` is asked only when a verdict is "not". `clause` is shown under the
    question, with the standing of its source (verified, recalled …) in its own words. `before`: numbers of documents to
    show beside a photo question, each readable by this person; a deed's fixed {"before": [...]} shows them as well.
    `value` is filled in beforehand."""

    name: str
    title: Any
    kind: str = "verdict"
    help: Any = ""
    clause: Any = ""
    required: bool = False
    choices: Sequence[Choice] = ()
    bundle: str = ""  # of a pick
    unit: Any = ""
    least: float | None = None
    most: float | None = None
    detail: Sequence["Question"] = ()
    before: Sequence[int] = ()
    value: Any = None
    group: Any = ""  # a heading shown when it differs from the question before


@dataclass(frozen=True, kw_only=True)
class Form:
    """Questions, kept once for all tasks that use them. `key` names edition and all: "dust@3"."""

    key: str
    title: Any
    questions: Sequence[Question]
    about: Any = ""


@dataclass(frozen=True, kw_only=True)
class Task:
    """Something to be done away from the desk: the `form` (bundle and key: "checks.forms/dust@3") and where it goes."""

    key: str
    title: Any
    form: str
    submission: str
    about: Any = ""
    due_at: datetime | None = None
    fixed: dict = field(default_factory=dict)
    answers: dict = field(default_factory=dict)  # what is known already, also the base of a later merge
    details: dict = field(default_factory=dict)
    lon: float | None = None
    lat: float | None = None
    level: int | None = None  # 1 red … 4 blue


@dataclass(frozen=True, kw_only=True)
class Page:
    """Something to read: an enterprise file, an open danger, a clause. `lines` are (title, text) pairs; `deeds` are
    submissions that begin here: (name of the submission, words on the button, fixed values to give along)."""

    key: str
    title: Any
    about: Any = ""
    lines: Sequence[tuple[Any, Any]] = ()
    text: Any = ""
    level: int | None = None
    deeds: Sequence[tuple[str, Any, dict]] = ()


Item = Task | Form | Page


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """A set of items one carries. Forms alone are not listed on the phone's home; tasks come first there."""

    name: str
    title: Any
    permission: str
    items: Callable[[Any], Iterable[Item]]
    order: int = 100


@dataclass(frozen=True)
class Applied:
    """What became of a sending: `subject` as in the audit chain ("hazard:12"), words for the sender, and its page."""

    subject: str
    words: str
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Submission:
    """Something the phone may send. With `form` it needs no task: it can be begun at any time from the phone's
    home, or, with `on_home` False, only by a deed of a page. A question named in the deed's fixed values
    is not asked."""

    name: str
    title: Any
    permission: str
    apply: Callable[[Any, dict, dict], Applied]
    form: Callable[[Any], Form] | None = None
    on_home: bool = True
    order: int = 100


class Conflict(Exception):
    """Another person changed the same fields meanwhile. `fields`: {question name: (what was sent, what is there)}."""

    def __init__(self, fields: dict[str, tuple[Any, Any]]):
        super().__init__(", ".join(fields))
        self.fields = fields


@cache
def bundles() -> dict[str, Bundle]:
    """All bundles by name, in their order."""
    return _named("BUNDLES", Bundle, "items")


@cache
def submissions() -> dict[str, Submission]:
    """All submissions by name, in their order."""
    return _named("SUBMISSIONS", Submission, "apply")


def _named(room: str, kind: type, verb: str) -> dict:
    found = {}
    for module, name, entry in declared("phone", {"BUNDLES": Bundle, "SUBMISSIONS": Submission}):
        if name != room:
            continue
        faults = permission_faults(entry.permission)
        if not re.fullmatch(r"[a-z_]+\.[a-z_]+", entry.name):
            faults.append("its name is '<capability>.<word>' in small letters")
        if not callable(getattr(entry, verb)):
            faults.append(f"{verb} is not a function")
        if entry.name in found:
            faults.append("the name is taken")
        refuse(module, f"{kind.__name__.lower()} '{entry.name}'", faults)
        found[entry.name] = entry
    return dict(sorted(found.items(), key=lambda pair: (pair[1].order, pair[0])))


def question_faults(question: Question) -> list[str]:
    """What is wrong with a question, in sentences."""
    found = []
    if question.kind not in KINDS:
        found.append(f"question '{question.name}' is of kind '{question.kind}'; known are {', '.join(KINDS)}")
    if question.kind in ("choice", "choices") and not question.choices:
        found.append(f"question '{question.name}' offers no choices")
    if question.kind == "pick" and not question.bundle:
        found.append(f"question '{question.name}' names no bundle to pick from")
    if question.detail and question.kind != "verdict":
        found.append(f"question '{question.name}': only a verdict has a detail")
    return found + [fault for inner in question.detail for fault in question_faults(inner)]
