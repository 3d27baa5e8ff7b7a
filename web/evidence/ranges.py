"""Large copies in parts: a player asks for the bytes that it needs now (RFC 9110, section 14). One range at a time."""

import re
from collections.abc import Iterator, Mapping

from fastapi import Request
from fastapi.responses import Response, StreamingResponse

from services.evidence_view import Parts

CHUNK = 256 * 1024
ONE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


def in_parts(request: Request, parts: Parts, *, media_type: str, headers: Mapping[str, str]) -> Response:
    """What was asked for of it: all, a range, or nothing where the range lies behind its end. Raises as `parts`."""
    size = parts.length()
    said = {**headers, "Accept-Ranges": "bytes"}
    asked = _asked(request, headers["ETag"])
    start, end = _meant(asked, size) if asked else (0, size)
    if asked and start >= end:
        return Response(status_code=416, headers={**said, "Content-Range": f"bytes */{size}"})
    if asked:
        said["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    said["Content-Length"] = str(end - start)
    body = iter(()) if request.method == "HEAD" else _chunks(parts, start, end)
    return StreamingResponse(body, 206 if asked else 200, media_type=media_type, headers=said)


def _asked(request: Request, tag: str) -> tuple[str, str] | None:
    """The two numbers of a range of this very content, as they are written; None where all of it is asked for."""
    found = ONE.fullmatch(request.headers.get("range", ""))
    if found is None or not any(found.groups()) or request.method != "GET":
        return None
    return (found[1], found[2]) if request.headers.get("if-range", tag) == tag else None


def _meant(asked: tuple[str, str], size: int) -> tuple[int, int]:
    """From where up to where; nothing lies between them where there is no such range."""
    first, last = asked
    if not first:  # so many of the last ones
        return max(0, size - int(last)), size
    return int(first), min(int(last) + 1, size) if last else size


def _chunks(parts: Parts, start: int, end: int) -> Iterator[bytes]:
    for at in range(start, end, CHUNK):
        yield parts.part(at, min(at + CHUNK, end))
