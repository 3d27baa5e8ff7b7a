"""Which tags a task, a standard and an issue carry, worked out once for what there is and handed to the database."""

import json
from collections.abc import Iterator, Sequence
from re import split

from sqlalchemy import text
from sqlmodel import Session

from services.tasks.settings import Tag, TagSet, TaskSettings

SEPARATORS = r"[、,，;；/\s]+"
"""Between several tags in one campaign cell."""


def named(campaign: str) -> frozenset[str]:
    """What a campaign cell names: one tag or several."""
    return frozenset(filter(None, split(SEPARATORS, campaign.strip())))


def tags_of(settings: TaskSettings, *, category: str, campaign: str) -> list[Tag]:
    """The tags of a task: those that its cell names; of a set of which it names none, those of its category."""
    return [tag for several in settings.tag_sets for tag in _of_set(several, category, named(campaign))]


def _of_set(several: TagSet, category: str, names: frozenset[str]) -> Iterator[Tag]:
    said = [tag for tag in several.tags if names & {tag.code, tag.name}]
    yield from said or (tag for tag in several.tags if category in tag.categories)


def carried(session: Session, settings: TaskSettings, *, year: int) -> str:
    """JSON rows of category, campaign and tag for what the year's table says, and for issues that are in no row."""
    found = {(category, campaign) for category, campaign in session.connection().execute(_SAID, {"year": year})}
    pairs = sorted(found | {(category, "") for category, _ in found} | {(c, "") for c in _categories(settings)})
    rows = [
        {"category": category, "campaign": campaign, "tag": tag.code}
        for category, campaign in pairs
        for tag in tags_of(settings, category=category, campaign=campaign)
    ]
    return json.dumps(rows)


def _categories(settings: TaskSettings) -> set[str]:
    return {category for tag in settings.tags.values() for category in tag.categories}


def of_standards(settings: TaskSettings) -> str:
    """JSON rows of standard and tag, where a tag lists standards."""
    rows = [{"standard": code, "tag": tag.code} for tag in settings.tags.values() for code in tag.standards]
    return json.dumps(rows)


def standard_tags(settings: TaskSettings, *, code: str, category: str) -> Sequence[Tag]:
    """The tags of a standard: those that list it or its category."""
    return [tag for tag in settings.tags.values() if code in tag.standards or category in tag.categories]


_SAID = text("SELECT DISTINCT category_code, campaign FROM task WHERE year = :year")
