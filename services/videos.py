"""Uploaded videos are hostile until looked at: is it really a video, whole, short enough, and can it be shown?

They cannot be drawn anew as photos are. What is shown is what was sent, but without the notes of the camera and without
anything that is no part of the video: those bytes are zeros when it is handed out (`Film.patches`). Readers of our own:
they have to know five facts and which bytes are notes, must not run on for ever, and need no decoder.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from sqlmodel import Session

from services import rulebook, video_boxes, video_elements
from services.photos import MEGABYTE, Fault, Unusable
from services.video_facts import Film, Source

ENDINGS = {
    "video/mp4": ".mp4",
    "video/quicktime": ".mov",
    "video/webm": ".webm",
    "video/x-matroska": ".mkv",
}
VIDEOS = frozenset(ENDINGS)
HEAD = 12
"""Bytes from which it is told what a file may be."""
MOST_MEGABYTES, MOST_SECONDS = 120, 600
"""What a city can allow at most: one video must fit into one form of a page without scripts."""


@dataclass(frozen=True)
class Limits:
    """What a city takes: `[evidence]` of rules/policy.toml. No megabytes: it takes no videos."""

    video_megabytes: int = 100
    video_seconds: int = 60

    @property
    def size(self) -> int:
        """In bytes."""
        return self.video_megabytes * MEGABYTE

    @classmethod
    def of(cls, policy: Mapping[str, Any]) -> "Limits":
        """Those of a city."""
        given = policy.get("evidence") or {}
        return cls(**{name: int(given[name]) for name in cls.__dataclass_fields__ if name in given})


def limits(session: Session) -> Limits:
    """Those in force in the city today."""
    city = rulebook.the_city(session)
    return Limits.of(rulebook.rules(session, city.rule_set_code).policy) if city.rule_set_code else Limits()


def is_video(head: bytes) -> bool:
    """Whether a file begins as a video does."""
    return video_boxes.is_video(head) or video_elements.is_video(head)


def look_at(file: BinaryIO, *, limits: Limits) -> Film:
    """What it is, if it can be taken. Raises Unusable with the limit that it is beyond."""
    source = Source(file)
    if not limits.video_megabytes:
        raise Unusable(Fault.NO_VIDEOS)
    if source.size > limits.size:
        raise Unusable(Fault.VIDEO_LARGE, most=limits.video_megabytes)
    film = read(source)
    if film.milliseconds > limits.video_seconds * 1000:
        raise Unusable(Fault.VIDEO_LONG, most=limits.video_seconds, found=-(-film.milliseconds // 1000))
    return film


def read(source: Source) -> Film:
    """What its container says. Raises Unusable."""
    in_elements = video_elements.is_video(source.read(0, min(HEAD, source.size)))
    return video_elements.read(source) if in_elements else video_boxes.read(source)
