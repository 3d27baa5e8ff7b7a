"""Behind a proxy: the reader's own address and TLS count, but only as told by who may tell them."""

import re

import pytest
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from runtime.settings import PROJECT

COMPOSE = (PROJECT / "deployments" / "compose.yaml").read_text("utf-8")


async def seen_from(peer: str) -> tuple[str, str]:
    """Whom the web page of compose.yaml sees, and over what, when `peer` forwards for 203.0.113.9 over TLS."""
    found = re.search(r"FORWARDED_ALLOW_IPS: \$\{FORWARDED_ALLOW_IPS:-(.+)\}", COMPOSE)
    assert found
    seen = {}

    async def page(scope, receive, send) -> None:
        seen.update(scope)

    headers = [(b"x-forwarded-for", b"203.0.113.9"), (b"x-forwarded-proto", b"https")]
    scope = {"type": "http", "client": (peer, 4711), "scheme": "http", "headers": headers}
    await ProxyHeadersMiddleware(page, trusted_hosts=found.group(1))(scope, None, None)
    return seen["client"][0], seen["scheme"]


@pytest.mark.parametrize("gateway", ["172.18.0.1", "192.168.16.1", "127.0.0.1"])
async def test_what_the_proxy_of_this_machine_forwards_counts(gateway: str) -> None:
    assert await seen_from(gateway) == ("203.0.113.9", "https")


async def test_what_a_stranger_says_of_himself_does_not() -> None:
    assert await seen_from("198.51.100.7") == ("198.51.100.7", "http")


def test_the_proxy_never_hands_on_what_a_reader_wrote_about_himself() -> None:
    nginx = (PROJECT / "deployments" / "nginx.conf").read_text("utf-8")
    forwarded = re.findall(r"^ *proxy_set_header X-Forwarded-For (\S+);", nginx, re.M)
    assert set(forwarded) == {"$remote_addr"}
