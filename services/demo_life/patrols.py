"""Patrols of the four chiefs: a week of which some were missed, and this week's, of which some are done."""

from contextlib import suppress
from datetime import datetime, timedelta
from zlib import crc32

from sqlmodel import col, select

from models.errors import DubanError
from models.patrol import Duty
from models.rights import Actor
from services import people
from services.demo_life.stage import Stage
from services.patrols.planning import plan
from services.patrols.recording import Seen, record

NOTES = ("楼道堆物已当场清理", "路灯不亮，已报修", "占道摊点已劝离")


def walk(stage: Stage) -> None:
    """Planned a week ago and today; three of four went then, one of ten has gone since."""
    before = stage.ago(7, 1)
    plan(stage.session, now=before)
    _go(stage, of=4, missing=1, at=stage.ago(4, 9))
    plan(stage.session, now=stage.now)
    _go(stage, of=10, missing=9, at=stage.now - timedelta(hours=1))


def _go(stage: Stage, *, of: int, missing: int, at: datetime) -> None:
    """Nobody's refusal stops the others; it comes before anything is written, so nothing has to be taken back."""
    query = select(Duty).where(col(Duty.done_at).is_(None), col(Duty.missed_at).is_(None)).order_by(col(Duty.id))
    duties = [(duty.id, duty.post_code, duty.person_code, duty.starts) for duty in stage.session.exec(query)]
    stage.session.expunge_all()  # thousands: each flush would look at all of them
    held = people.held_posts(stage.session, [person for _, _, person, _ in duties], today=stage.today)
    for key, post, person, starts in duties:
        number = crc32(f"{post}/{starts}".encode())
        if number % of < missing:
            continue
        found = number % 11 == 0
        note = NOTES[number % len(NOTES)] if found else ""
        when = min(at + timedelta(minutes=number % 300), stage.now)
        seen = Seen(post=post, place="", found=found, key=f"demo-{key}", note=note)
        with suppress(DubanError):
            record(stage.session, seen, by=Actor(person, tuple(held.get(person, ()))), now=when)
