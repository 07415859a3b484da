import logging
import time
from datetime import timedelta
from email import message_from_bytes, policy

import orjson
import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from anlan.desk.notices import deliveries, retry
from anlan.desk.notices.actions import choose_channel, tell
from anlan.desk.notices.channels import Message, Passing, Permanent, email, sms, webhook
from anlan.desk.notices.models import ChannelChoice, Delivery
from anlan.desk.notices.tests.servers import http, smtp

NOW = timezone.now()
GATEWAY = """
url: {url}/send?key=${{SMS_TEST_KEY}}
headers: {{Authorization: "Bearer ${{SMS_TEST_KEY}}"}}
json: {{mobile: "{{phone}}", content: "{{text}}", id: "{{number}}"}}
success: {{path: code, equals: "0"}}
busy: ["42"]
receipt: data.id
"""


@pytest.fixture
def officer(cast):
    cast.duty.phone, cast.duty.email = "138 0000 1234", "duty@example.com"
    cast.duty.save()
    return cast.duty


@pytest.fixture
def gateway(settings, tmp_path, monkeypatch):
    monkeypatch.setenv("SMS_TEST_KEY", "very-secret-key")

    def describe(url):
        file = tmp_path / "sms.yaml"
        file.write_text(GATEWAY.format(url=url))
        settings.SMS_GATEWAY = str(file)

    return describe


def only() -> Delivery:
    return Delivery.objects.get()


def later():
    return timezone.now() + timedelta(hours=3)


def test_an_sms_goes_out_with_its_text_and_keeps_the_gateways_number(officer, gateway):
    with http((200, {"code": "0", "data": {"id": "g-77"}})) as server:
        gateway(server.url)
        tell([officer], title="储罐超温", body='引号"与{phone}', level=1)
        assert deliveries.run(timezone.now()) == 1
    _, headers, body = server.heard[0]
    assert headers["Authorization"] == "Bearer very-secret-key"
    sent = orjson.loads(body)
    assert sent["mobile"] == "13800001234" and sent["content"] == '储罐超温 引号"与{phone}'
    assert (only().state, only().receipt, sent["id"]) == ("sent", "g-77", str(only().pk))


def test_what_is_sent_once_is_not_sent_again(officer, gateway):
    with http((200, {"code": "0", "data": {"id": "1"}})) as server:
        gateway(server.url)
        tell([officer], title="储罐超温", level=1)
        now = timezone.now()
        assert [deliveries.attempt(only().pk, now), deliveries.attempt(only().pk, now)] == [True, False]
        assert deliveries.run(later()) == 0
    assert len(server.heard) == 1


def test_a_passing_trouble_is_tried_again_later_and_then_works(officer, gateway):
    with http((503, {}), (200, {"code": "42"}), (200, {"code": "0", "data": {"id": "1"}})) as server:
        gateway(server.url)
        tell([officer], title="储罐超温", level=1)
        deliveries.run(timezone.now())
        assert (only().state, only().reason) == ("waiting", "对方应答 503")
        assert only().next_at > timezone.now() + timedelta(seconds=20)
        assert deliveries.run(timezone.now()) == 0
        deliveries.run(later())
        assert "42" in only().reason
        deliveries.run(later())
    assert only().state == "sent" and only().attempts == 3


@pytest.mark.parametrize("answer", [(400, {}), (403, b"no"), (200, {"code": "13"}), (302, {})])
def test_a_permanent_refusal_is_not_tried_again_and_says_so(officer, gateway, answer):
    with http(answer) as server:
        gateway(server.url)
        tell([officer], title="储罐超温", level=1)
        deliveries.run(timezone.now())
        assert only().state == "dead" and only().reason and only().ended_at
        assert deliveries.run(later()) == 0
    assert len(server.heard) == 1


def test_after_so_many_attempts_it_is_dead_and_says_how_many(officer, gateway):
    gateway("http://127.0.0.1:9")
    tell([officer], title="储罐超温", level=1)
    for number in range(retry.ATTEMPTS):
        assert deliveries.run(timezone.now() + timedelta(days=number + 1)) == 1
    assert only().state == "dead" and f"尝试 {retry.ATTEMPTS} 次" in only().reason
    assert deliveries.try_again([only()]) == 1
    assert only().state == "waiting" and only().attempts == 0


def test_no_secret_reaches_a_log_or_a_row(officer, gateway, caplog):
    caplog.set_level(logging.DEBUG)
    with http((500, {}), (400, {})) as server:
        gateway(server.url)
        tell([officer], title="储罐超温", level=1)
        deliveries.run(timezone.now())
        deliveries.run(later())
    assert "very-secret-key" not in caplog.text + only().reason


def test_a_gateway_description_that_is_wrong_names_its_place(officer, settings, tmp_path):
    file = tmp_path / "sms.yaml"
    settings.SMS_GATEWAY = str(file)
    for text, words in [("url: ftp://x", "url"), ("url: [", "YAML"), ("method: POST", "url"), ("", "top")]:
        file.write_text(text)
        with pytest.raises(Permanent, match=words):
            sms.send(message())
    file.write_text("url: http://127.0.0.1:9/${NOT_SET_ANYWHERE}")
    with pytest.raises(Permanent, match="NOT_SET_ANYWHERE"):
        sms.send(message())


def message(**fields) -> Message:
    given = {"number": 7, "address": "a@example.com", "title": "罐 T-1 超温", "body": "86 ℃", "url": "", "level": 1}
    return Message(**{**given, "room": "warnings", "at": NOW, **fields})


def test_a_mail_arrives_as_it_was_written(officer, settings):
    with smtp() as server:
        settings.MAIL_URL, settings.PUBLIC_URL = server.url, "https://anlan.example"
        tell([officer], title="储罐超温", body="T-1 温度 86 ℃", url="/cases/3/", level=2)
        deliveries.run(timezone.now())
    assert only().state == "sent"
    mail = message_from_bytes(server.mails[0].content, policy=policy.default)
    assert server.mails[0].rcpt_tos == ["duty@example.com"] and mail["Subject"] == "储罐超温"
    assert "86 ℃" in mail.get_content() and "https://anlan.example/cases/3/" in mail.get_content()


@pytest.mark.parametrize(("code", "kind"), [("550 no such user", Permanent), ("451 later", Passing)])
def test_the_mail_servers_answer_decides_about_another_try(settings, code, kind):
    with smtp(code) as server:
        settings.MAIL_URL = server.url
        with pytest.raises(kind):
            email.send(message())


def test_a_mail_server_that_is_away_is_a_passing_trouble(settings):
    settings.MAIL_URL = "smtp://user:secret-word@127.0.0.1:9"
    with pytest.raises(Passing) as error:
        email.send(message())
    assert "secret-word" not in str(error.value)


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_title_adds_a_header_to_a_mail(title, body):
    try:
        mail = email.compose(message(title=title + "\r\nBcc: evil@example.com", body=body), "anlan@example.com")
    except ValueError:
        return
    assert mail["Bcc"] is None


def test_a_webhook_is_signed_so_that_its_receiver_can_tell(officer, settings):
    with http((200, {"receipt": "w-1"})) as server:
        settings.WEBHOOK_URL, settings.WEBHOOK_SECRET = f"{server.url}/hook", "hook-secret"
        choose_channel(officer, "webhook", enabled=True, least_level=5)
        tell([officer], title="请交接班", room="duty")
        deliveries.run(timezone.now())
    _, headers, body = server.heard[0]
    assert webhook.signed("hook-secret", body, headers["X-Anlan-Signature"], time.time())
    assert not webhook.signed("other", body, headers["X-Anlan-Signature"], time.time())
    assert not webhook.signed("hook-secret", body + b" ", headers["X-Anlan-Signature"], time.time())
    assert not webhook.signed("hook-secret", body, headers["X-Anlan-Signature"], time.time() + 1000)
    assert orjson.loads(body)["user"] == "duty" and only().receipt == "w-1"


@given(st.text(), st.binary())
def test_any_header_is_judged_and_none_breaks_the_judge(header, body):
    assert not webhook.signed("secret", body, header, time.time())


def test_a_receipt_from_the_gateway_marks_a_delivery_received(client, officer, gateway, settings):
    settings.RECEIPT_SECRET = "receipt-secret"
    with http((200, {"code": "0", "data": {"id": "g-9"}})) as server:
        gateway(server.url)
        tell([officer], title="储罐超温", level=1)
        deliveries.run(timezone.now())

    def post(data, secret="receipt-secret", channel="sms"):
        body = data if isinstance(data, bytes) else orjson.dumps(data)
        signature = webhook.signature(secret, body, int(time.time()))
        return client.post(
            f"/notices/receipts/{channel}/",
            body,
            content_type="application/json",
            headers={"X-Anlan-Signature": signature},
        )

    good = {"receipt": "g-9", "received": True}
    assert post(good, "wrong").status_code == 403
    assert post(good, channel="fax").status_code == 403
    assert post(b"{").status_code == 400
    assert post({"receipt": "unknown", "received": True}).status_code == 404
    assert post({"receipt": "", "received": True}).status_code == 404
    assert only().state == "sent"
    assert post(good).status_code == 200
    assert only().state == "received"


def test_without_a_receipt_secret_no_receipt_is_taken(client, db, settings):
    settings.RECEIPT_SECRET = ""
    assert client.post("/notices/receipts/sms/", b"{}", content_type="application/json").status_code == 403


@pytest.mark.parametrize(
    ("level", "enabled", "least", "expected"),
    [
        (1, True, 2, True),
        (2, True, 2, True),
        (3, True, 2, False),
        (None, True, 4, False),
        (None, True, 5, True),
        (1, False, 5, False),
    ],
)
def test_a_person_chooses_from_which_level_he_is_told_outside(level, enabled, least, expected):
    assert deliveries.wanted(level, "sms", ChannelChoice(enabled=enabled, least_level=least)) is expected


def test_without_a_choice_sms_and_mail_carry_what_is_serious_and_the_webhook_nothing():
    assert deliveries.wanted(2, "sms", None) and deliveries.wanted(1, "email", None)
    assert not deliveries.wanted(3, "sms", None) and not deliveries.wanted(1, "webhook", None)


def test_without_a_configured_channel_nothing_leaves(officer):
    tell([officer], title="储罐超温", level=1)
    assert not Delivery.objects.exists()


def test_a_person_without_an_address_is_told_in_the_inbox_only(officer, cast, gateway):
    gateway("http://127.0.0.1:9")
    tell([officer, cast.leader], title="储罐超温", level=1)
    assert only().notice.user == officer


def test_the_pauses_grow_and_come_to_an_end():
    pauses = [retry.next_try(number, NOW) for number in range(1, retry.ATTEMPTS)]
    assert pauses == sorted(pauses) and None not in pauses
    assert retry.next_try(retry.ATTEMPTS, NOW) is None


def test_the_sweep_takes_notices_half_a_year_after_they_were_read(officer):
    old, fresh = tell([officer], title="旧")[0], tell([officer], title="新")[0]
    type(old).objects.filter(pk=old.pk).update(read_at=NOW - timedelta(days=200))
    deliveries.sweep(NOW)
    assert list(officer.notices.all()) == [fresh]
