import io
import os
import time
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from anlan.desk.access.standing import Refused
from anlan.desk.audit.models import Entry
from anlan.desk.documents import store
from anlan.desk.documents.actions import add, sweep
from anlan.desk.documents.filenames import FORBIDDEN, LONGEST, safe_name
from anlan.desk.documents.models import Document
from anlan.desk.documents.types import DOCX, JPEG, OFD, PNG, TEXT, UnwantedType, sniff
from tests.cast import ENTERPRISE_A, OTHER_TOWN, TOWN

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(100)
pytestmark = pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume")


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.DOCUMENTS = tmp_path / "documents"
    return settings.DOCUMENTS


def upload(content=PICTURE, name="照片.png"):
    return SimpleUploadedFile(name, content)


def archive(*names) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for name in names:
            made.writestr(name, "x")
    return file.getvalue()


def stored_files(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def test_two_uploads_of_one_file_share_its_content(cast, folder):
    first = add(cast.manager, upload(), region=TOWN, organisation=ENTERPRISE_A)
    second = add(cast.manager, upload(name="again.png"), region=TOWN, organisation=ENTERPRISE_A)
    assert first.digest == second.digest and first.pk != second.pk
    assert len(stored_files(folder)) == 1 and store.whole(first.digest)
    assert Entry.objects.filter(action="documents.add", actor="manager").count() == 2


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PICTURE, PNG),
        (b"\xff\xd8\xff\xe0" + bytes(50), JPEG),
        (archive("[Content_Types].xml", "word/document.xml"), DOCX),
        (archive("OFD.xml", "Doc_0/Document.xml"), OFD),
        ("姓名,数量\n张三,1\n".encode(), TEXT),
        ("姓名,数量\n张三,1\n".encode("gb18030"), TEXT),
        (("罐" * 5000).encode(), TEXT),
    ],
)
def test_the_kind_is_told_by_the_content(content, kind):
    assert sniff(io.BytesIO(content)) is kind


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\x00" + bytes(100),
        b"\x7fELF" + bytes(100),
        b"#!/bin/sh\nrm -rf /\n",
        b"<html><script>alert(1)</script>",
        b"\xef\xbb\xbf  <svg onload=alert(1)>",
        b"<?xml version='1.0'?><x/>",
        archive("evil.exe"),
        archive("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"),
        b"PK\x03\x04 broken",
        bytes(50),
    ],
)
def test_programs_pages_archives_and_macros_are_refused_whatever_their_name(cast, folder, content):
    with pytest.raises(UnwantedType):
        sniff(io.BytesIO(content))
    with pytest.raises(ValidationError):
        add(cast.manager, upload(content, "照片.jpg"), region=TOWN, organisation=ENTERPRISE_A)
    assert not stored_files(folder) and not Document.objects.exists()


@given(st.binary(max_size=5000))
def test_any_bytes_get_a_kind_or_a_refusal_and_never_a_fault(content):
    try:
        assert sniff(io.BytesIO(content)).endings
    except UnwantedType as error:
        assert str(error)


@given(st.text(max_size=400))
def test_a_file_name_is_harmless_whatever_was_given(given_name):
    name = safe_name(given_name, PNG)
    assert name.lower().endswith(".png") and not FORBIDDEN & set(name)
    assert 5 <= len(name) <= LONGEST + 5 and "\n" not in name and "\u202e" not in name


def test_a_name_that_lies_gets_the_ending_of_its_content():
    assert safe_name("../../etc/发票.exe", PNG) == "发票.exe.png"
    assert safe_name("C:\\photos\\罐区.JPG", JPEG) == "罐区.JPG"


def test_a_file_too_large_or_empty_is_refused_and_leaves_nothing(cast, folder, settings):
    settings.DOCUMENT_BYTES = 1_000_000
    for content in (PICTURE + bytes(1_000_000), b""):
        with pytest.raises(ValidationError):
            add(cast.manager, upload(content), region=TOWN, organisation=ENTERPRISE_A)
    assert not stored_files(folder)


def test_nobody_adds_where_his_post_does_not_reach(cast):
    with pytest.raises(Refused):
        add(cast.manager, upload(), region=OTHER_TOWN, organisation="91999901MAA0000026")
    with pytest.raises(Refused):
        add(cast.stranger, upload(), region=TOWN)


def test_a_download_is_an_attachment_in_a_sandbox_and_is_recorded(cast, signed_in):
    document = add(cast.manager, upload(), region=TOWN, organisation=ENTERPRISE_A)
    response = signed_in(cast.duty).get(f"/documents/{document.pk}/download/")
    assert b"".join(response) == PICTURE
    assert response["Content-Disposition"].startswith("attachment") and "%E7%85%A7" in response["Content-Disposition"]
    assert response["Content-Security-Policy"].startswith("sandbox") and response["X-Content-Type-Options"] == "nosniff"
    assert Entry.objects.get(action="documents.read").actor == "duty"


def test_the_reach_of_a_post_is_the_reach_of_a_download(cast, signed_in):
    document = add(cast.manager, upload(), region=TOWN, organisation=ENTERPRISE_A)
    address = f"/documents/{document.pk}/download/"
    for part in ("other_manager", "neighbour_duty", "stranger", "audit_administrator", "system_administrator"):
        assert signed_in(getattr(cast, part)).get(address).status_code == 404, part
    assert signed_in(cast.manager).get(address).status_code == 200


def test_only_pictures_and_pdf_are_shown_in_place(cast, signed_in):
    picture = add(cast.manager, upload(), region=TOWN, organisation=ENTERPRISE_A)
    text = add(cast.manager, upload("说明".encode(), "a.txt"), region=TOWN, organisation=ENTERPRISE_A)
    pdf = add(cast.manager, upload(b"%PDF-1.7 x", "a.pdf"), region=TOWN, organisation=ENTERPRISE_A)
    client = signed_in(cast.manager)
    assert client.get(f"/documents/{picture.pk}/preview/")["Content-Disposition"].startswith("inline")
    assert client.get(f"/documents/{pdf.pk}/preview/")["Content-Type"] == "application/pdf"
    assert client.get(f"/documents/{text.pk}/preview/").status_code == 404


def test_the_sweep_takes_what_no_document_names_once_it_is_old(cast, folder):
    kept = add(cast.manager, upload(), region=TOWN, organisation=ENTERPRISE_A)
    orphan, _ = store.keep([b"orphan"], 100)
    fresh, _ = store.keep([b"fresh"], 100)
    broken = folder / "incoming" / "tmp1"
    broken.write_bytes(b"half")
    for path in (store.path_of(orphan), store.path_of(kept.digest), broken):
        os.utime(path, (time.time() - 100_000,) * 2)
    assert sweep() == 2
    assert store.whole(kept.digest) and store.whole(fresh) and not store.path_of(orphan).exists()


def test_content_changed_on_the_disk_is_noticed(cast):
    document = add(cast.manager, upload(), region=TOWN, organisation=ENTERPRISE_A)
    store.path_of(document.digest).write_bytes(b"other")
    assert not store.whole(document.digest)
