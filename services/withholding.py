"""Videos are withheld where photos are blacked out: nothing in them can be made unseen, so all of it is, or nothing.

Who withheld what, when and why stays on record, and so does the video, for those with the right.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, select

from models.errors import MissingInput, NotFound, SomebodyWasFaster
from models.evidence import Video, Withholding
from models.issue import Evidence, Issue
from models.permissions import Right, must_hold
from models.rights import Actor
from services.redacting import LONGEST
from services.sight import sees


@dataclass(frozen=True)
class Sheet:
    """A video, and what was decided about it; `latest`: the last decision (0: none)."""

    evidence: Evidence
    issue: Issue
    video: Video
    history: Sequence[Withholding]

    @property
    def latest(self) -> int:
        """The number of the last decision."""
        return (self.history[-1].id or 0) if self.history else 0


def sheet(session: Session, key: int, *, by: Actor, city: str) -> Sheet:
    """What is to be decided about. Raises NotFound, also for what the actor may not see; ActionNotAllowed."""
    piece = session.get(Evidence, key)
    issue = session.get(Issue, piece.issue_id) if piece else None
    if piece is None or issue is None or not sees(by, issue):
        raise NotFound(what="evidence", code=key)
    must_hold(by, Right.REDACT, city=city, area_path=issue.area_path, unit=issue.lead_unit)
    video = session.get(Video, piece.sha256, populate_existing=True)
    if video is None or video.fault:
        raise NotFound(what="evidence", code=key)
    query = select(Withholding).where(Withholding.sha256 == video.sha256).order_by(col(Withholding.id))
    return Sheet(piece, issue, video, list(session.exec(query)))


def decide(
    session: Session, key: int, *, withheld: bool, reason: str, seen: int, by: Actor, city: str, now: datetime
) -> Withholding:
    """Withhold a video, wherever it serves, or show it again. The caller commits.

    `seen`: the latest decision that the actor knew of. Raises SomebodyWasFaster, MissingInput without a reason, and
    what `sheet` raises.
    """
    of = sheet(session, key, by=by, city=city)
    session.exec(select(Video.sha256).where(Video.sha256 == of.video.sha256).with_for_update()).one()
    of = sheet(session, key, by=by, city=city)
    if of.latest != seen:
        raise SomebodyWasFaster(number=of.issue.number)
    why = reason.replace("\0", "").strip()[:LONGEST]
    if not why:
        raise MissingInput(action="redact", missing="reason")
    row = Withholding(sha256=of.video.sha256, withheld=withheld, reason=why, decided_by=by.code, decided_at=now)
    session.add(row)
    session.connection().execute(update(Video).where(col(Video.sha256) == of.video.sha256).values(withheld=withheld))
    session.flush()
    session.refresh(of.video)
    return row
