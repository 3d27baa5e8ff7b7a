"""The words of a letter as providers show them: as text, or as Markdown that nobody's words can break out of.

What citizens and clerks wrote must not become links, mentions or headings. The providers' Markdown knows no common
escape sign, so signs with a meaning are replaced by their full-width twins.
"""

import re
from collections.abc import Sequence

from notifications.channels.base import Link

_TWINS = str.maketrans({sign: chr(ord(sign) + 0xFEE0) for sign in "*`[]<>\\~"})
_ANGLES = str.maketrans({sign: chr(ord(sign) + 0xFEE0) for sign in "<>"})
_HEADING = re.compile(r"(?m)^(\s*)#")
_BREAKS_LINK = str.maketrans({"(": "%28", ")": "%29", " ": "%20", "<": "%3C", ">": "%3E", '"': "%22", "\n": ""})


def defused(text: str) -> str:
    """Text that means in Markdown what it says."""
    return _HEADING.sub(r"\1＃", text.translate(_TWINS))


def without_tags(text: str) -> str:
    """Text in which no provider finds a mention (`<@all>`, `<at user_id=…>`) or a link (`<a href=…>`)."""
    return text.translate(_ANGLES)


def bold(title: str) -> str:
    """A title in Markdown."""
    return f"**{defused(_one_line(title))}**" if title else ""


def markdown_links(links: Sequence[Link]) -> list[str]:
    """Each link as Markdown."""
    return [f"[{defused(_one_line(link.label))}]({safe_url(link.url)})" for link in links]


def text_links(links: Sequence[Link]) -> list[str]:
    """Each link as a line of text."""
    return [f"{_one_line(link.label)}: {safe_url(link.url)}" for link in links]


def safe_url(url: str) -> str:
    """The URL without signs that would end it too early."""
    return url.strip().translate(_BREAKS_LINK)


def _one_line(text: str) -> str:
    return " ".join(text.split())
