"""HTTP for addresses that users give: it connects to no machine of the inside, whatever name leads there.

The name is looked up once, every address that it has is checked, and the connection goes to one of these: a name that
changes between the look and the connection gains nothing. Redirects are not followed (http.py).
"""

import socket
from collections.abc import Sequence
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

from models.message import Outcome
from notifications.channels.base import Fault, Sent
from notifications.channels.http import Answer, Http, NoAnswer
from notifications.channels.kept import Target

Networks = tuple[str, ...]
NAT64 = IPv6Network("64:ff9b::/96")
INSIDE = Sent(
    Outcome.PERMANENT,
    "address",
    "地址未获允许：在内网，或公网未加密 / not allowed: of the inside, or public without TLS",
    fault=Fault.ADDRESS,
)


class OfTheInside(Exception):
    """The name leads to a machine of the inside that is not allowed."""


class GuardedHttp(Http):
    """Connects to public addresses over https, and to those in `allowed` (such as 10.0.0.0/8) over http too."""

    def __init__(self, *, allowed: Networks = (), **given: Any) -> None:
        super().__init__(**given)
        self._allowed = allowed

    def ask(self, method: str, url: str, **given: Any) -> Answer:
        """As every client. Raises NoAnswer with `INSIDE` for an address that is not allowed."""
        try:
            return super().ask(method, url, **given)
        except OfTheInside:
            raise NoAnswer(INSIDE) from None

    def dial(self, target: Target, seconds: float) -> socket.socket:
        """To the first of the name's addresses that answers; TLS checks the certificate for the name."""
        error: OSError | None = None
        for address in safe_addresses(target.host, target.port, self._allowed, public=target.scheme == "https"):
            try:
                return socket.create_connection((address, target.port), timeout=seconds)
            except OSError as failed:
                error = failed
        raise error or OSError("no address")

    def through_proxy(self, target: Target) -> None:
        """A proxy looks the name up by itself. What we cannot look up here is left to it."""
        with suppress(socket.gaierror):
            safe_addresses(target.host, target.port, self._allowed, public=target.scheme == "https")


def safe_addresses(host: str, port: int, allowed: Networks, *, public: bool) -> list[str]:
    """The addresses of a name. Raises OfTheInside when one is not allowed, socket.gaierror when there are none."""
    try:
        found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    except UnicodeError:
        raise OfTheInside("not a name") from None
    addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
    if not all(may_connect(address, allowed, public=public) for address in addresses):
        raise OfTheInside("an address of the inside")
    return addresses


def may_connect(address: str, allowed: Sequence[str], *, public: bool) -> bool:
    """Whether this IP address may be connected to. One that carries another inside counts as that one."""
    ip = _innermost(ip_address(address.split("%")[0]))
    if any(ip in ip_network(network, strict=False) for network in allowed):
        return True
    return public and ip.is_global and not ip.is_multicast


def _innermost(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    if isinstance(ip, IPv4Address):
        return ip
    if ip in NAT64:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None) or ip
