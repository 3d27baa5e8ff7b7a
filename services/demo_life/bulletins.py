"""Two weekly bulletins that are published, so that one stands beside the other; the half month's and the month's."""

from datetime import date, datetime, timedelta

from models.publication import PublicationKind
from services.bulletins import deciding, drafting
from services.bulletins.periods import period_before
from services.demo_life.stage import Stage

WEEK = timedelta(days=7)
DAY = timedelta(days=1)
AFTER_APPEALS = timedelta(days=20)
"""After a month's end: its appraisal is published by then, and its bulletin tells the scores."""


def publish(stage: Stage) -> None:
    """The week before the last and the last one; the month before the last; a draft of the last half month."""
    kind = PublicationKind.WEEKLY
    for on in (stage.today - WEEK, stage.today):
        _published(stage, kind, period_before(kind, on)[1] + DAY)
    month = PublicationKind.MONTHLY
    last = period_before(month, stage.today)[0] - DAY
    _published(stage, month, last + AFTER_APPEALS)
    half = PublicationKind.HALF_MONTH
    _drafted(stage, half, period_before(half, stage.today)[1] + DAY)


def _drafted(stage: Stage, kind: PublicationKind, on: date) -> tuple[int, str, datetime]:
    at = stage.on(on, 8, 10)
    row = drafting.draft(
        stage.session, kind, on=at.astimezone(stage.zone).date(), by=stage.office(at), now=at
    ).publication
    return row.id or 0, row.content_sha256, at


def _published(stage: Stage, kind: PublicationKind, on: date) -> None:
    key, seen, at = _drafted(stage, kind, on)
    later = min(at + timedelta(hours=2), stage.now)
    deciding.approve(stage.session, key, by=stage.headquarters(later), seen=seen, now=later)
    last = min(later + timedelta(minutes=30), stage.now)
    deciding.publish(stage.session, key, by=stage.office(last), seen=seen, now=last, press=stage.press)
