"""Logging: plain readable lines on stderr, with passwords and tokens hidden wherever they stand."""

import logging
import re
import sys
from typing import TextIO

HIDDEN = "***"
_LINE = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"

_PASSWORD = re.compile(r"(?P<before>\b[\w+.-]+://[^\s:/@]*:)[^\s@/]+(?=@)")
_NAMED = re.compile(
    r"(?P<before>\b(?:access_token|token|api_?key|key|secret|sign|password|passwd|pwd|sig)\b[\"']?\s*[=:]\s*[\"']?)"
    r"[^\s&\"',;]+",
    re.IGNORECASE,
)
_BEARER = re.compile(r"(?P<before>\b(?:Bearer|Basic)\s+)[\w+/=.~-]{6,}", re.IGNORECASE)
_HOOK = re.compile(r"(?P<before>https?://[^\s]*/hooks?/)[^\s?]+", re.IGNORECASE)
_LINK = re.compile(r"(?P<before>/l/)[\w.-]{20,}")  # whoever holds a link of a message may act
# A notification address (dingtalk://token, feishu://token) is a secret as a whole; these schemes are none.
_ADDRESS = re.compile(
    r"(?P<before>\b(?!https?:|postgres|smtps?:|mailtos?:|file:|wss?:|redis)[a-z][\w+.-]*://)[^\s\"']+", re.IGNORECASE
)


def mask(text: str) -> str:
    """The text without passwords of URLs, tokens, keys and notification addresses."""
    for pattern in (_PASSWORD, _LINK, _HOOK, _ADDRESS, _BEARER, _NAMED):
        text = pattern.sub(rf"\g<before>{HIDDEN}", text)
    return text


class MaskingFormatter(logging.Formatter):
    """Masks the finished line, so arguments and tracebacks too."""

    def format(self, record: logging.LogRecord) -> str:
        return mask(super().format(record))


def set_up(level: str = "INFO", *, stream: TextIO | None = None) -> None:
    """Send all logging to the stream (default: stderr), from this level on. Calling it again replaces the first."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(MaskingFormatter(_LINE))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for noisy in ("httpx", "httpcore", "asyncio", "alembic", "apprise"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, logging.getLogger().level))
