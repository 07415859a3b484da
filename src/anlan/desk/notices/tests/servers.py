"""Real servers on free ports of this machine, which remember what they were sent."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from aiosmtpd.controller import Controller


class Http:
    """An HTTP server that answers (status, body) from a list, the last one for ever."""

    def __init__(self, *answers: tuple[int, object]):
        self.answers, self.heard = list(answers), []

    def answer(self) -> tuple[int, object]:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def http(*answers: tuple[int, object]) -> Iterator[Http]:
    known = Http(*answers)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            known.heard.append((self.path, dict(self.headers), body))
            status, answer = known.answer()
            data = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    known.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield known
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Mail:
    """An SMTP server that answers each recipient with `code` and keeps the accepted mails."""

    def __init__(self, code: str = "250 OK"):
        self.code, self.mails = code, []

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.code.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.code

    async def handle_DATA(self, server, session, envelope):
        self.mails.append(envelope)
        return "250 OK"


@contextmanager
def smtp(code: str = "250 OK") -> Iterator[Mail]:
    handler = Mail(code)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    handler.url = f"smtp://127.0.0.1:{port}"
    try:
        yield handler
    finally:
        controller.stop()
