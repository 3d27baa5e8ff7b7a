"""The address of a subscriber, looked at as it is given. Where its name leads is looked at when it is spoken to."""

from collections.abc import Sequence
from ipaddress import ip_address
from urllib.parse import urlsplit

from models.errors import WrongValue
from notifications.channels.guard import may_connect

LONGEST = 500
FORM = "https://host/path"
INSIDE = "an address that is not of the inside, or one of DUBAN_WEBHOOK_NETWORKS"


def check_address(url: str, *, networks: Sequence[str]) -> str:
    """The address as it is kept. Raises WrongValue for what is none, or one of the inside written as a number."""
    found = url.strip()
    try:
        parts = urlsplit(found)
        host, _port = (parts.hostname or "").encode("idna").decode(), parts.port
    except ValueError:
        raise _wrong(found) from None
    odd = parts.username is not None or parts.password is not None or parts.fragment or not found.isprintable()
    if parts.scheme not in ("https", "http") or not host or odd or len(found) > LONGEST or " " in found:
        raise _wrong(found)
    if parts.scheme == "http" and not networks:
        raise _wrong(found)
    if _is_number(host) and not may_connect(host, networks, public=parts.scheme == "https"):
        raise WrongValue(field="url", value=_short(found), expected=INSIDE)
    return found


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _wrong(found: str) -> WrongValue:
    return WrongValue(field="url", value=_short(found), expected=FORM)


def _short(found: str) -> str:
    return "".join(letter for letter in found[:100] if letter.isprintable())
