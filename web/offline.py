"""The service worker of pages that work without a network: one script, told what it keeps and for which pages."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from fastapi.responses import Response

from web.assets import STATIC


@dataclass(frozen=True)
class Worker:
    """`name`: of what it keeps; `shell`, `files`: that; `scope`: it may take care of no other page.

    `shown`: the pages that the shell shows, `stands_in`: those in whose place it stands; regular expressions of a path.
    """

    name: str
    shell: str
    files: Sequence[str]
    scope: str
    shown: str
    stands_in: str

    def script(self) -> Response:
        """What the browser runs."""
        given = "".join(f"const {name.upper()} = {json.dumps(value)};\n" for name, value in asdict(self).items())
        headers = {"Cache-Control": "no-cache", "Service-Worker-Allowed": self.scope}
        script = given + (STATIC / "offline" / "worker.js").read_text("utf-8")
        return Response(script, media_type="text/javascript", headers=headers)
