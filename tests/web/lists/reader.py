"""Reading pages of lists: which numbers stand on them."""

import re
from html import unescape

import httpx

_NUMBER = re.compile(r'href="/issues/([A-Z]+-\d{4}-\d+)"')


def numbers(page: str) -> list[str]:
    """The issues of a page, each once, in their order."""
    return list(dict.fromkeys(_NUMBER.findall(page)))


async def listed(client: httpx.AsyncClient, address: str) -> list[str]:
    """The issues of all pages of a list, from this one on."""
    found: list[str] = []
    while address:
        page = (await client.get(address)).text
        found += [number for number in numbers(page) if number not in found]
        following = re.search(r'href="([^"]*)" rel="next"', page)
        address = unescape(following[1]) if following else ""
    return found
