"""Looks at the cameras: reads their streams, lets `anlan.vision` judge the frames, sends what it says as readings.

A camera is a device whose settings hold ``camera``::

    {"camera": {"url": "rtsp://gate-camera.example/stream1", "login": <sealed "name:password">,
                "every": 0.5, "model": "people",
                "detect": {"intrusion": {"zone": [[0.1, 0.2], …], "of": ["person"], "picture_at": 0.5}}}}

settings.py   what such settings may be
eye.py        one camera in a thread of its own: connect, look, keep the last seconds, connect again
clip.py       the last seconds as a film
service.py    the process: which cameras there are, what they found on its way, pictures and clips on request

An alarm with its picture: the reading raises it through the rules like any other; the picture of the same instant goes
to the stream PICTURES and is kept by `watch/video`.
"""
