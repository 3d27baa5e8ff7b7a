"""A program that receives webhooks: it checks the signature, drops what it has seen, and prints the rest.

    DUBAN_HOOK_SECRET=whsec_… python examples/hook_receiver.py 9000

Python's own library is enough. What is taken is kept in a small database (RECEIVED, default received.sqlite), so that
nothing is done twice, also after a restart. Several secrets with a space between them, while one is being changed.
"""

import hmac
import json
import os
import sqlite3
import sys
import time
from base64 import b64decode, b64encode
from binascii import Error
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOLERANCE = 300  # seconds
LARGEST = 1024 * 1024
TABLE = "CREATE TABLE IF NOT EXISTS received (id TEXT PRIMARY KEY, at REAL, body TEXT)"


def is_genuine(body: bytes, headers: dict[str, str], secret: str, now: float | None = None) -> bool:
    """Whether this body was signed with the secret, and not long ago. `body` is what came, byte by byte."""
    key, at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not at.isdigit() or abs((time.time() if now is None else now) - int(at)) > TOLERANCE:
        return False
    expected = hmac.new(bytes_of(secret), f"{key}.{at}.".encode() + body, sha256).digest()
    given = [one.partition(",") for one in headers.get("webhook-signature", "").split()]
    wanted = b64encode(expected)
    return any(version == "v1" and hmac.compare_digest(wanted, one.encode()) for version, _, one in given)


def bytes_of(secret: str) -> bytes:
    """The key that a secret stands for: after `whsec_` it is written as base64."""
    if secret.startswith("whsec_"):
        try:
            return b64decode(secret.removeprefix("whsec_"), validate=True)
        except Error:
            pass
    return secret.encode()


class Receiver(BaseHTTPRequestHandler):
    """Answers at once; what takes long is done afterwards, by something that reads the table."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > LARGEST:
            self.close_connection = True
            return self.answer(413)
        body = self.rfile.read(int(length))
        headers = {name.lower(): value for name, value in self.headers.items()}
        secrets = os.environ.get("DUBAN_HOOK_SECRET", "").split()
        if not any(is_genuine(body, headers, secret) for secret in secrets):
            return self.answer(401)
        if keep(headers["webhook-id"], body):
            event = json.loads(body)
            print(event["type"], event["id"], json.dumps(event["data"], ensure_ascii=False), flush=True)
        return self.answer(204)

    def answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0") if status != 204 else None
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Only what arrives is printed."""


def keep(key: str, body: bytes) -> bool:
    """Write it down; whether it is new. What is written is written before we say yes."""
    with sqlite3.connect(os.environ.get("RECEIVED", "received.sqlite"), timeout=30) as table:
        table.execute(TABLE)
        row = (key, time.time(), body.decode())
        return table.execute("INSERT OR IGNORE INTO received VALUES (?, ?, ?)", row).rowcount == 1


def main() -> int:
    if not os.environ.get("DUBAN_HOOK_SECRET") or not sys.argv[1:]:
        print(__doc__, file=sys.stderr)
        return 2
    server = ThreadingHTTPServer((os.environ.get("HOST", "127.0.0.1"), int(sys.argv[1])), Receiver)
    print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
