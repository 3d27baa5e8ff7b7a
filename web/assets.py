"""Styles, scripts and pictures, ours (static) and those from npm (vendor), at addresses that change with them."""

import hashlib
from functools import cache
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

STATIC = Path(__file__).parent / "static"
VENDOR = Path(__file__).parent / "vendor"
KEPT = "public, max-age=31536000, immutable"


@cache
def asset(name: str) -> str:
    """The address of a file, `vendor/…` for one from npm. It names the file's hash, so browsers may keep it."""
    given = name if name.startswith("vendor/") else f"static/{name}"
    known = hashlib.sha256((STATIC.parent / given).read_bytes()).hexdigest()[:12]
    return f"/{given}?v={known}"


class Kept(StaticFiles):
    """Files that browsers keep for good when the address names their hash."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        answer = await super().get_response(path, scope)
        if answer.status_code == 200 and b"v=" in scope["query_string"]:
            answer.headers["Cache-Control"] = KEPT
        return answer
