"""What goes to other systems: signed, named, marked when held back, and never somewhere else than told."""

import asyncio
import http.server
import threading
import time

import httpx
import orjson
import pytest
from django.utils import timezone

from anlan.desk.notices.channels.webhook import signed
from anlan.watch.alarms.hooks import _sent, known_of, told
from anlan.watch.alarms.models import Inhibition


@pytest.fixture
def other(settings):
    """Another system on this machine: its address, what it answers, what it was sent."""
    settings.WEBHOOK_SECRET = "between the two of us"

    class Answers(http.server.BaseHTTPRequestHandler):
        status, sent = 204, []

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.sent.append((self.path, dict(self.headers), body))
            self.send_response(self.status)
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_words):
            return

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/hook", Answers
    server.shutdown()
    server.server_close()


def push(address: str, events: list) -> bool:
    async def send():
        async with httpx.AsyncClient() as web:
            return await _sent(web, address, "7", events)

    return asyncio.run(send())


def test_an_event_is_signed_and_bears_the_same_number_each_time(other):
    address, system = other
    assert push(address, [{"point": 1}]) and push(address, [{"point": 1}])
    for path, headers, body in system.sent:
        assert (path, headers["X-Anlan-Delivery"]) == ("/hook", "7")
        assert signed("between the two of us", body, headers["X-Anlan-Signature"], time.time())
        assert not signed("another", body, headers["X-Anlan-Signature"], time.time())
        assert orjson.loads(body) == {"number": "7", "events": [{"point": 1}]}


@pytest.mark.parametrize("status", [302, 404, 500])
def test_what_is_not_taken_is_not_done_and_a_redirect_leads_nowhere(other, status):
    address, system = other
    system.status = status
    assert not push(address, [])
    assert [path for path, _headers, _body in system.sent] == ["/hook"]


def test_nobody_there_is_no_failure_of_ours():
    assert not push("http://127.0.0.1:9/", [])


def test_an_event_says_where_it_comes_from_and_what_holds_it_back(gauge, cast):
    rule = gauge.rules.get(kind="H").pk
    Inhibition.objects.create(
        kind="out_of_service", device=gauge.device, point=gauge, rule=rule, region=gauge.device.region, level=3,
        title="x", reason="fault", since=timezone.now(), asked_by=cast.duty, agreed_by=cast.second_duty, in_force=True,
    )  # fmt: skip
    point, inhibitions = known_of({gauge.pk})[gauge.pk]
    found = told({"point": gauge.pk, "rule": rule}, point, inhibitions)
    assert (found["device"], found["organisation"], found["held"]) == (
        "LT-101", gauge.device.organisation, "out_of_service"
    )  # fmt: skip
    assert told({"point": gauge.pk, "rule": rule + 1}, point, inhibitions)["held"] == ""
