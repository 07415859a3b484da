"""A camera for tests: serves drawn frames as motion JPEG over HTTP, with a login if asked."""

import base64
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import cv2
import numpy as np

from anlan.vision.tests.scenes import walker, yard


def intruder() -> Callable[[int], np.ndarray]:
    """Twelve frames of an empty yard, then somebody walks to and fro on its right."""
    dice = np.random.default_rng(1)
    return lambda number: yard(dice) if number < 12 else walker(yard(dice), 230 + number * 9 % 120)


class StreamingCamera:
    def __init__(self, frame: Callable[[int], np.ndarray], login: str = "", every: float = 0.1):
        wanted = "Basic " + base64.b64encode(login.encode()).decode() if login else ""

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if wanted and self.headers.get("Authorization") != wanted:
                    self.send_response(401)
                    self.send_header("WWW-Authenticate", 'Basic realm="camera"')
                    self.end_headers()
                    return
                self.send_response(200)
                self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
                self.end_headers()
                number = 0
                try:
                    while True:
                        body = cv2.imencode(".jpg", frame(number))[1].tobytes()
                        head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(body)}\r\n\r\n"
                        self.wfile.write(head.encode() + body + b"\r\n")
                        number += 1
                        time.sleep(every)
                except OSError:
                    return

            def log_message(self, *words) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/stream.mjpg"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
