"""HTTP answers of the map: bytes that are sent once and compressed once, and parts of a file."""

import gzip
import hashlib
import re
from pathlib import Path

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseNotModified

RANGE = re.compile(r"bytes=(\d+)-(\d*)")
SMALL = 1400
"""Less than this fits one packet; compressing it saves nothing."""


def cached(request: HttpRequest, body: bytes, content_type: str, tag: str | None = None) -> HttpResponse:
    """Bytes with a version, or else their hash, as ETag: what the browser still has is not sent again."""
    tag = tag or f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    if tag in request.headers.get("If-None-Match", ""):
        return unchanged(tag)
    accepts = "gzip" in request.headers.get("Accept-Encoding", "") and len(body) > SMALL
    response = HttpResponse(gzip.compress(body, 1, mtime=0) if accepts else body, content_type=content_type)
    if accepts:
        response["Content-Encoding"] = "gzip"
    return _private(response, tag)


def unchanged(tag: str) -> HttpResponse:
    return _private(HttpResponseNotModified(), tag)


def _private(response: HttpResponse, tag: str) -> HttpResponse:
    """Every person sees other rows: no shared cache may keep them, and the browser asks before it shows them again."""
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    response["Vary"] = "Accept-Encoding, Cookie"
    return response


def part_of_file(request: HttpRequest, path: Path) -> HttpResponse:
    """One range of a file (RFC 9110 §14), as readers of PMTiles ask for it; the whole file without a range."""
    state = path.stat()
    tag = f'"{state.st_mtime_ns:x}-{state.st_size:x}"'
    asked = RANGE.fullmatch(request.headers.get("Range", ""))
    if not asked:
        response = FileResponse(path.open("rb"), content_type="application/octet-stream")
    else:
        first, last = int(asked[1]), min(int(asked[2] or state.st_size), state.st_size - 1)
        if first > last:
            return HttpResponse(status=416, headers={"Content-Range": f"bytes */{state.st_size}"})
        with path.open("rb") as file:
            file.seek(first)
            body = file.read(last - first + 1)
        response = HttpResponse(body, status=206, content_type="application/octet-stream")
        response["Content-Range"] = f"bytes {first}-{last}/{state.st_size}"
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = tag
    response["Cache-Control"] = "private, max-age=3600"
    return response
