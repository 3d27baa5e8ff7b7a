"""The seal of the record: each event's hash covers the event and the hash before it on the same issue.

Pure, and needs nothing but what an export holds; so an export can be checked by anybody, anywhere (promise 8).
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any

SEALED = (
    "number",
    "seq",
    "cycle",
    "action",
    "step",
    "from_state",
    "to_state",
    "actor",
    "on_behalf_of",
    "at",
    "reason",
    "facts",
    "key",
)


NOTHING = timedelta()
AS_THEY_ARE = frozenset({str, int, bool, type(None)})


class Plain(dict[str, Any]):
    """A document that is plain already: it is hashed, written and told of, and each asks for its plain form."""


def plain(value: Any) -> Any:
    """A value as JSON keeps it, so that it reads the same after a round through the database or a file.

    Numbers that are not whole become text: a database may write them differently than Python does.
    """
    if type(value) in AS_THEY_ARE or type(value) is Plain:  # most values by far: a round writes millions
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        in_utc = value if value.utcoffset() == NOTHING else value.astimezone(UTC)  # to convert takes ten times as long
        return in_utc.isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (Decimal, float)):
        return str(value)
    if isinstance(value, dict | Mapping):
        return Plain((str(key), plain(inner)) for key, inner in value.items())
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(inner) for inner in value]
    return value


def event_hash(previous: str, event: Mapping[str, Any]) -> str:
    """SHA-256 over the hash before and the sealed fields of this event, in hexadecimal."""
    fields = {name: plain(event[name]) for name in SEALED}
    return hashlib.sha256(f"{previous}\n{_encode(fields)}".encode()).hexdigest()


_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def day_hash(previous: str, hashes: list[str]) -> str:
    """SHA-256 over the seal of the day before and every event hash of this day, in the order of their ids."""
    return hashlib.sha256("\n".join([previous, *hashes]).encode()).hexdigest()
