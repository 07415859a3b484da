import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from anlan.desk.access.models import Post, User
from anlan.desk.access.standing import Refused
from anlan.desk.audit.models import Entry
from anlan.desk.exchange import blank, declare, judging, leftovers, runs
from anlan.desk.exchange.declare import CHANGED, NEW, UNCHANGED, Import, ImportColumn, Verdict
from anlan.desk.exchange.models import ImportRun
from anlan.desk.exchange.runs import Asked

REAL_IMPORTS = declare.imports
pytestmark = pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume")


def check(user, rows):
    known = User.objects.in_bulk([row.values["username"] for row in rows], field_name="username")
    verdicts = []
    for row in rows:
        old = known.get(row.values["username"])
        if row.values["name"] == "禁止":
            verdicts.append(Verdict("bad", "此人不能登记，请核对。", "name"))
        elif old is None:
            verdicts.append(NEW)
        else:
            verdicts.append(UNCHANGED if old.name == row.values["name"] else CHANGED)
    return verdicts


def save(user, rows):
    verdicts = check(user, rows)
    for row, verdict in zip(rows, verdicts, strict=True):
        if verdict not in (NEW, CHANGED):
            continue
        User.objects.update_or_create(username=row.values["username"], defaults={"name": row.values["name"]})
        if row.values["name"] == "爆炸":
            raise RuntimeError("disk full")
    return verdicts


PEOPLE = Import(
    name="people",
    title="人员",
    permission="registers.add",
    key=("username",),
    columns=[
        ImportColumn("username", ("用户名", "账号"), kind="code", required=True),
        ImportColumn("name", ("姓名",), required=True),
        ImportColumn("age", ("年龄",), kind="integer", low=16, high=100),
    ],
    check=check,
    save=save,
)


@pytest.fixture(autouse=True)
def offered(monkeypatch, settings, tmp_path):
    settings.DOCUMENTS = tmp_path / "documents"
    settings.TASKS = {"default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}}
    for module in (declare, runs, judging, leftovers):
        if hasattr(module, "imports"):
            monkeypatch.setattr(module, "imports", lambda: {"people": PEOPLE})
    from anlan.desk.exchange import gates
    from anlan.desk.exchange.views import importing

    monkeypatch.setattr(gates, "imports", lambda: {"people": PEOPLE})
    monkeypatch.setattr(importing, "imports", lambda: {"people": PEOPLE})


def workbook(*rows, head=("用户名", "姓名", "年龄")) -> SimpleUploadedFile:
    book = Workbook()
    for row in (head, *rows):
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return SimpleUploadedFile("人员.xlsx", file.getvalue())


def counts(run):
    run.refresh_from_db()
    return run.new, run.changed, run.unchanged, run.bad


def upload(cast, *rows, **more):
    return runs.upload(cast.inspector, PEOPLE, workbook(*rows, **more))


def test_a_preview_counts_and_writes_nothing(cast):
    User.objects.create(username="old", name="旧名")
    User.objects.create(username="same", name="同名")
    run = upload(
        cast,
        ("new", "新人", 30),
        ("old", "新名", None),
        ("same", "同名", "４０"),
        ("bad", "坏人", "三十"),
        (None, None, None),
        ("none", "", 20),
        ("ban", "禁止", 20),
    )
    assert run.state == "checked" and counts(run) == (1, 1, 1, 3)
    assert not User.objects.filter(username="new").exists()
    assert User.objects.get(username="old").name == "旧名"
    reasons = {row["row"]: row["problems"] for row in run.sample if row["state"] == "bad"}
    assert reasons[5] == [["年龄", "“三十”不是数字。"]]
    assert reasons[7][0][0] == "姓名" and "必填" in reasons[7][0][1]
    assert reasons[8] == [["姓名", "此人不能登记，请核对。"]]


def test_confirming_saves_the_good_rows_and_records_both_ends(cast):
    run = upload(cast, ("new", "新人", 30), ("bad", "坏人", 7))
    runs.confirm(run)
    run.refresh_from_db()
    assert run.state == "saved" and User.objects.get(username="new").name == "新人"
    assert not User.objects.filter(username="bad").exists()
    assert Entry.objects.get(action="exchange.upload").actor == "inspector"
    assert '"new":1' in Entry.objects.get(action="exchange.import").data


def test_an_error_in_the_middle_leaves_nothing(cast):
    run = upload(cast, ("first", "第一", 30), ("boom", "爆炸", 30))
    runs.confirm(run)
    run.refresh_from_db()
    assert run.state == "failed" and "RuntimeError" in run.problem
    assert not User.objects.filter(username__in=["first", "boom"]).exists()
    assert Entry.objects.filter(action="exchange.import-failed").exists()


def test_two_clicks_save_once(cast):
    run = upload(cast, ("new", "新人", 30))
    again = ImportRun.objects.get(pk=run.pk)
    runs.confirm(run)
    with pytest.raises(ValidationError):
        runs.confirm(again)
    runs.save.call(run.pk)
    assert Entry.objects.filter(action="exchange.import").count() == 1


def test_what_changed_since_the_preview_is_judged_again(cast):
    run = upload(cast, ("new", "新人", 30), ("other", "另一", 30))
    User.objects.create(username="new", name="新人")
    runs.confirm(run)
    assert counts(run) == (1, 0, 1, 0)


def test_a_row_named_twice_in_the_sheet_is_told(cast):
    run = upload(cast, ("new", "新人", 30), ("new", "又一", 30))
    assert counts(run) == (1, 0, 0, 1)
    assert "第 2 行" in run.sample[0]["problems"][0][1]


def test_a_missing_column_is_named_and_can_be_mapped_by_hand(cast):
    run = upload(cast, ("new", "新人", 30), head=("工号代码", "姓名", "年龄"))
    assert run.state == "failed" and "用户名" in run.problem
    runs.read_so(run, Asked({"username": 0, "name": 1}))
    assert run.state == "checked" and counts(run) == (1, 0, 0, 0)
    for wrong in ({"username": 0, "name": 0}, {"username": 9}, {"king": 0}):
        with pytest.raises(ValidationError):
            runs.read_so(run, Asked(wrong))


def test_a_saved_import_cannot_be_changed(cast):
    run = upload(cast, ("new", "新人", 30))
    runs.confirm(run)
    run.refresh_from_db()
    with pytest.raises(ValidationError):
        runs.read_so(run, Asked({"username": 0, "name": 1}))


def test_the_bad_rows_come_back_with_their_reasons(cast):
    run = upload(cast, ("good", "好人", 30), ("+cmd", "坏人", 7), ("x", "坏人", "一"))
    file, count = leftovers.bad_rows(run)
    file.seek(0)
    sheet = load_workbook(file).active
    rows = list(sheet.iter_rows(values_only=True))
    assert count == 2 and rows[0][:4] == ("原表行号", "原因", "用户名", "姓名")
    assert rows[1][0] == 3 and "16" in rows[1][1] and rows[1][2] == "+cmd"
    assert sheet["C2"].data_type == "s"


def test_the_template_has_the_headings_and_is_taken_back(cast):
    file, _ = blank.template(PEOPLE)
    file.seek(0)
    sheet = load_workbook(file).active
    assert [cell.value for cell in sheet[1]] == ["用户名*", "姓名*", "年龄"]
    sheet.append(["new", "新人", 30])
    back = io.BytesIO()
    sheet.parent.save(back)
    run = runs.upload(cast.inspector, PEOPLE, SimpleUploadedFile("t.xlsx", back.getvalue()))
    assert counts(run) == (1, 0, 0, 0)


@pytest.mark.parametrize("part", ["duty", "team_leader", "stranger", "audit_administrator"])
def test_nobody_imports_without_both_permissions(cast, part):
    with pytest.raises(Refused):
        runs.upload(getattr(cast, part), PEOPLE, workbook(("new", "新人", 30)))


def test_a_post_lost_between_preview_and_saving_saves_nothing(cast):
    run = upload(cast, ("new", "新人", 30))
    Post.objects.filter(user=cast.inspector).delete()
    run = ImportRun.objects.get(pk=run.pk)
    with pytest.raises(Refused):
        runs.confirm(run)
    assert not User.objects.filter(username="new").exists()


def test_a_file_that_is_no_table_is_refused_and_leaves_no_run(cast):
    for content in (b"", b"MZ\0\0", b"PK\x03\x04x"):
        with pytest.raises(ValidationError):
            runs.upload(cast.inspector, PEOPLE, SimpleUploadedFile("x.xlsx", content))
    assert not ImportRun.objects.exists()


def test_a_file_swept_away_asks_for_a_new_upload(cast, settings, tmp_path):
    run = upload(cast, ("new", "新人", 30))
    settings.DOCUMENTS = tmp_path / "elsewhere"
    runs.confirm(run)
    run.refresh_from_db()
    assert run.state == "failed" and "重新上传" in run.problem


def test_the_pages_lead_from_file_to_saved(cast, signed_in):
    client = signed_in(cast.inspector)
    assert "人员" in client.get("/imports/").content.decode()
    assert client.get("/imports/to/people/").status_code == 200
    assert client.post("/imports/to/people/", {}).status_code == 400
    response = client.post("/imports/to/people/", {"file": workbook(("new", "新人", 30), ("bad", "坏", 1))})
    page = client.get(response["Location"]).content.decode()
    assert "导入这 1 行" in page and "16" in page
    assert client.get(response["Location"] + "bad.xlsx").status_code == 200
    client.post(response["Location"] + "confirm/")
    assert User.objects.filter(username="new").exists()
    assert client.get("/imports/to/people/template.xlsx")["Content-Type"].endswith("sheet")
    assert client.get(response["Location"] + "progress/")["HX-Refresh"] == "true"


def test_nobody_sees_the_import_of_another(cast, signed_in):
    run = upload(cast, ("new", "新人", 30))
    for part in ("system_administrator", "manager", "duty"):
        client = signed_in(getattr(cast, part))
        assert client.get(f"/imports/{run.pk}/").status_code == 404, part
        assert client.post(f"/imports/{run.pk}/confirm/").status_code == 404, part
    assert signed_in(cast.duty).get("/imports/").status_code == 403
    assert signed_in(cast.duty).get("/imports/to/people/").status_code == 403
    assert signed_in(cast.inspector).get("/imports/to/nothing/").status_code == 404


def test_a_large_file_is_worked_on_in_the_background(cast, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(runs, "AT_ONCE", 1)
    with django_capture_on_commit_callbacks() as put_off:
        run = upload(cast, ("a.b", "新人", 30), ("c.d", "新人", 30))
    assert run.state == "checking" and len(put_off) == 1
    put_off[0]()
    run.refresh_from_db()
    assert run.state == "checked" and run.done == run.total == 2


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"columns": [ImportColumn("a", ("A",), kind="colour")]}, "colour"),
        ({"columns": [ImportColumn("a", ("A",), kind="choice")]}, "choices"),
        ({"columns": [ImportColumn("a", "A")]}, "titles"),
        ({"key": ("b",)}, "key"),
        ({"permission": "x"}, "permission"),
        ({"check": None}, "check"),
    ],
)
def test_a_wrong_declaration_is_named(change, words):
    given = {"name": "x", "title": "x", "permission": "a.b", "columns": [ImportColumn("a", ("A",))]}
    wrong = Import(**{**given, "check": check, "save": save, **change})
    assert any(words in fault for fault in declare.faults(wrong))


def test_every_declared_import_is_sound():
    assert isinstance(REAL_IMPORTS(), dict)
