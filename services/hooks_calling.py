"""One POST to a subscriber, and what its answer means. Knows no database.

2xx is a yes. 410: gone. No answer, 408, 425, 429 and 5xx: not there just now. Anything else, redirects too, which are
not followed: refused. Addresses of the inside are refused by the client (notifications/channels/guard.py).
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from models.hook import Told
from models.message import Outcome
from notifications.channels.guard import GuardedHttp
from notifications.channels.http import NoAnswer, judge_status
from notifications.channels.signing import signed_headers

GONE = 410
NO_SECRET = "密钥无法读取，请更换密钥 / the secret cannot be read here: give it a new one"
SHOWN = 200
"""Characters of an answer that are kept."""


@dataclass(frozen=True)
class Letter:
    """What is sent: `key` names the event, `at` is real time in seconds since 1970."""

    url: str
    key: str
    body: bytes
    secrets: Sequence[str]
    at: int


@dataclass(frozen=True)
class Answered:
    """What one try came to; `retry_after`: as the receiver said."""

    told: Told
    status: int | None
    ms: int
    said: str = ""
    retry_after: timedelta | None = None


def call(http: GuardedHttp, letter: Letter) -> Answered:
    """Send it. Raises nothing that a receiver could bring about. Nothing leaves without a signature."""
    if not letter.secrets:
        return Answered(Told.DOWN, None, 0, NO_SECRET)
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Duban",
        **signed_headers(letter.body, key=letter.key, secrets_=letter.secrets, at=letter.at),
    }
    began = time.monotonic()
    try:
        answer = http.ask("POST", letter.url, body=letter.body, headers=headers)
    except NoAnswer as error:
        return Answered(Told.DOWN, None, _since(began), error.sent.detail[:SHOWN])
    sent = judge_status(answer)
    said = _shown(answer.body)
    if sent is None:
        return Answered(Told.OK, answer.status, _since(began), said)
    told = Told.GONE if answer.status == GONE else Told.REFUSED if sent.outcome is Outcome.PERMANENT else Told.DOWN
    return Answered(told, answer.status, _since(began), said, sent.retry_after)


def _since(began: float) -> int:
    return int((time.monotonic() - began) * 1000)


def _shown(body: bytes) -> str:
    """The first characters of an answer, without those that nobody sees."""
    text = body[: SHOWN * 4].decode("utf-8", "replace")
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())[:SHOWN]
