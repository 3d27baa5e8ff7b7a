"""Shortening as providers count: in bytes, never through a character as readers see it."""

import json
import unicodedata
from collections.abc import Callable, Iterator, Sequence

MARK = "…"
ZERO_WIDTH_JOINER = "\u200d"
Size = Callable[[str], int]


def utf8_size(text: str) -> int:
    """How many bytes a text has."""
    return len(text.encode("utf-8", "replace"))


def json_size(text: str) -> int:
    """How many bytes a text adds to a JSON document: line ends and quotes count double."""
    return utf8_size(json.dumps(text, ensure_ascii=False)) - 2


def cut(text: str, *, most: int, size: Size = utf8_size) -> str:
    """The text in at most `most` bytes, with a mark where something is missing; nothing when not even that fits."""
    if size(text) <= most:
        return text
    left = most - size(MARK)
    if left < 0:
        return ""
    kept = []
    for one in characters(text):
        left -= size(one)
        if left < 0:
            break
        kept.append(one)
    return "".join(kept).rstrip() + MARK


def compose(title: str, body: str, ends: Sequence[str], *, most: int, size: Size = utf8_size, join: str = "\n") -> str:
    """Title, body and closing lines (links, mentions) in at most `most` bytes. The body is shortened first.

    A closing line is whole or absent: where they need more than half of the room, the last ones are left out.
    """
    title = cut(title, most=most // 4, size=size)
    kept = list(ends)
    while kept and size(join.join(["", *kept])) > most // 2:
        kept.pop()
    room = most - size(join.join([*([title] if title else []), "", *kept])) if kept or title else most
    return join.join(part for part in (title, cut(body, most=room, size=size), *kept) if part)


def characters(text: str) -> Iterator[str]:
    """The text by what readers see as one character: with accents, skin tones, joined emoji, flags and key caps.

    A shorter form of Unicode's rules for grapheme clusters (UAX 29) that never splits where those do not.
    """
    cluster = ""
    for sign in text:
        if cluster and not _belongs(sign, cluster):
            yield cluster
            cluster = ""
        cluster += sign
    if cluster:
        yield cluster


def _belongs(sign: str, cluster: str) -> bool:
    """Whether a sign is part of the character that has begun."""
    if sign == ZERO_WIDTH_JOINER or cluster[-1] == ZERO_WIDTH_JOINER:
        return True
    if unicodedata.category(sign) in ("Mn", "Me", "Mc") or _is_modifier(sign) or (cluster == "\r" and sign == "\n"):
        return True
    return _is_flag_half(sign) and len(cluster) == 1 and _is_flag_half(cluster)


def _is_modifier(sign: str) -> bool:
    """Skin tones, and the tags that regional flags are spelled with."""
    return "\U0001f3fb" <= sign <= "\U0001f3ff" or "\U000e0020" <= sign <= "\U000e007f"


def _is_flag_half(sign: str) -> bool:
    return "\U0001f1e6" <= sign <= "\U0001f1ff"
