"""A capability of the tests' own: a checklist one answers on the phone, and a deed that can refuse, differ or break."""

import hashlib
import json
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from anlan.desk.fieldwork import carrying
from anlan.desk.fieldwork import declare as declared
from anlan.desk.fieldwork.declare import Applied, Bundle, Choice, Conflict, Form, Page, Question, Submission, Task

DEVICE = str(uuid4())
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40


class Deeds:
    """What was done, and what the next doing shall do instead."""

    def __init__(self):
        self.done = []
        self.instead = None
        self.pages = [
            Page(key="1", title="松塘化工", lines=[("地址", "云汀区")], deeds=[("tests.check", "检查", {"at": 0})])
        ]

    def apply(self, user, payload, files):
        if self.instead:
            raise self.instead
        if payload["answers"].get("wrong"):
            raise ValidationError("压力表已停用，不能检查。")
        self.done.append((user, payload, files))
        return Applied(f"check:{len(self.done)}", "检查已记录", "/checks/1/")

    def conflict(self):
        self.instead = Conflict({"gauge": ("ok", "not")})

    def fault(self):
        self.instead = RuntimeError("a fault of ours")


FORM = Form(
    key="gauge@1",
    title="压力表检查",
    questions=[
        Question(
            name="gauge",
            title="压力表完好",
            required=True,
            detail=[Question(name="why", title="哪里不好", kind="text")],
        ),
        Question(name="kind", title="种类", kind="choice", choices=[Choice("a", "甲")]),
        Question(name="zero", title="读数", kind="number", least=0, most=0, value=0),
    ],
)


@pytest.fixture
def deeds(monkeypatch):
    deeds = Deeds()
    tasks = [
        Task(key="7", title="检查 1 号罐", form="tests.forms/gauge@1", submission="tests.check", fixed={"task": 7})
    ]
    bundles = {
        "tests.tasks": Bundle(name="tests.tasks", title="任务", permission="enterprises.see", items=lambda user: tasks),
        "tests.forms": Bundle(name="tests.forms", title="表", permission="enterprises.see", items=lambda user: [FORM]),
        "tests.pages": Bundle(
            name="tests.pages", title="档案", permission="registers.see", items=lambda user: deeds.pages
        ),
    }
    submission = Submission(
        name="tests.check", title="检查", permission="warnings.handle", apply=deeds.apply, form=lambda user: FORM
    )
    from anlan.desk.fieldwork import actions

    monkeypatch.setattr(carrying, "bundles", lambda: bundles)
    for module in (carrying, actions):
        monkeypatch.setattr(module, "submissions", lambda: {"tests.check": submission})
    assert not [fault for question in FORM.questions for fault in declared.question_faults(question)]
    return deeds


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.DOCUMENTS = tmp_path / "documents"


class Phone:
    """A phone's side of the line, as the app speaks it."""

    def __init__(self, client):
        self.client, self.device = client, DEVICE

    def post(self, path, **message):
        text = json.dumps({"device": self.device, **message})
        return self.client.post(f"/phone/{path}", text, content_type="application/json", HTTP_ACCEPT="application/json")

    def send(self, key=None, **message):
        return self.post(
            "send/", **{"key": key or str(uuid4()), "name": "tests.check", "answers": {"gauge": "ok"}} | message
        )

    def announce(self, content=PICTURE, key=None, **message):
        key = key or str(uuid4())
        told = {"key": key, "name": "照片.png", "size": len(content), "digest": hashlib.sha256(content).hexdigest()}
        return key, self.post("files/", **told | message)

    def piece(self, key, offset, content):
        return self.client.put(
            f"/phone/files/{key}/", content, content_type="application/octet-stream",
            HTTP_UPLOAD_OFFSET=str(offset), HTTP_ACCEPT="application/json",
        )  # fmt: skip

    def upload(self, content=PICTURE):
        key, _answer = self.announce(content)
        self.piece(key, 0, content)
        return key


@pytest.fixture
def phone(signed_in, cast):
    return Phone(signed_in(cast.team_leader))
