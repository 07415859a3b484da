from types import SimpleNamespace

import pytest

from anlan.site import checks

NOW = checks.EARLIEST + 10_000


def ids(found) -> list[str]:
    return [one.id for one in found]


def test_a_clock_before_this_version_is_wrong():
    assert ids(checks.clock(0, 0)) == ["anlan.E002"]


def test_a_clock_behind_what_was_written_is_wrong_but_a_day_of_doubt_is_left():
    assert ids(checks.clock(NOW, NOW + 90_000)) == ["anlan.E002"]
    assert checks.clock(NOW, NOW + 80_000) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [("ANLAN_NATS_URL", "http://host"), ("ANLAN_DATABASE_URL", "mysql://host/d"), ("ANLAN_ARCHIVE_URL", "s3://bucket")],
)
def test_a_url_of_another_kind_is_refused_with_an_example_and_without_its_secret(name, value):
    found = checks.urls({name: value.replace("//", "//secret@")})
    assert ids(found) == ["anlan.E004"]
    assert name in found[0].msg and "secret" not in found[0].msg and "Write it like" in found[0].hint


def test_good_and_absent_urls_pass():
    assert checks.urls({"ANLAN_NATS_URL": "nats://t@h:4222", "ANLAN_DATABASE_URL": "postgresql://u:p@h/d"}) == []
    assert checks.urls({}) == []


def test_a_key_others_can_read_is_named(settings, tmp_path):
    settings.HOME = tmp_path
    (tmp_path / "audit-key").write_text("x")
    (tmp_path / "audit-key").chmod(0o644)
    assert ids(checks.keys_are_private()) == ["anlan.W001"]
    (tmp_path / "audit-key").chmod(0o600)
    assert checks.keys_are_private() == []


def test_missing_web_assets_are_an_error_that_says_what_to_do(settings, tmp_path):
    settings.WEB_DIST = tmp_path
    assert "make setup" in checks.web_is_built()[0].hint
    (tmp_path / "manifest.json").write_text("{}")
    assert checks.web_is_built() == []


def test_a_broken_pack_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("ANLAN_PACKS", str(tmp_path))
    from anlan import packs

    packs.section.cache_clear()
    assert "anlan.E005" in ids(checks.packs_can_be_read())
    monkeypatch.delenv("ANLAN_PACKS")
    packs.section.cache_clear()
    assert checks.packs_can_be_read() == []


def test_what_is_open_to_others_must_be_encrypted():
    device = SimpleNamespace(device_host="0.0.0.0", tls_certificate="")
    assert len(checks.reach({"anlan.example"}, tls=False, debug=True, device=device)) == 3
    closed = SimpleNamespace(device_host="127.0.0.1", tls_certificate="")
    assert checks.reach({"anlan.example"}, tls=True, debug=False, device=closed) == []


def test_a_home_that_cannot_be_written_is_an_error(settings, tmp_path):
    settings.HOME = tmp_path / "absent"
    assert ids(checks.home_is_writable()) == ["anlan.E001"]
