"""Faces and plates are made unseen by hand: black areas, burnt into the picture that people see from then on.

What is below cannot be got back from that picture. The photo as it was handed in stays in the store, for those with the
right; who redacted what and when stays on record.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from PIL import Image, ImageDraw
from sqlalchemy import update
from sqlmodel import Session, col, select

from models.errors import NotFound, SomebodyWasFaster, WrongValue
from models.evidence import Photo, Redaction
from models.issue import Evidence, Issue
from models.permissions import Right, must_hold
from models.rights import Actor
from services import evidence
from services.evidence import Place
from services.photos import LONGEST_SIDE, SMALL_SIDE, jpeg
from services.sight import sees

WHOLE = 1000
"""Areas are in thousandths of the picture's width and height."""
MOST_AREAS = 50
LONGEST = 200
_BLACK = (24, 24, 24)


@dataclass(frozen=True)
class Area:
    """A rectangle in thousandths of the picture."""

    left: int
    top: int
    width: int
    height: int

    @property
    def fits(self) -> bool:
        """Whether it lies in the picture and has an inside."""
        return (
            min(self.left, self.top) >= 0
            and min(self.width, self.height) >= 1
            and max(self.left + self.width, self.top + self.height) <= WHOLE
        )

    def in_dots(self, size: tuple[int, int]) -> tuple[int, int, int, int]:
        """Left, top, right, bottom, both ends included, never less than what was drawn."""
        across, down = size
        right, bottom = self.left + self.width, self.top + self.height
        last = (-(-right * across // WHOLE) - 1, -(-bottom * down // WHOLE) - 1)
        return (self.left * across // WHOLE, self.top * down // WHOLE, min(last[0], across - 1), min(last[1], down - 1))


@dataclass(frozen=True)
class Sheet:
    """A photo to redact, its areas so far, and which redaction they come from (0: none)."""

    evidence: Evidence
    issue: Issue
    photo: Photo
    areas: Sequence[Area]
    latest: int
    history: Sequence[Redaction]


def sheet(session: Session, key: int, *, by: Actor, city: str) -> Sheet:
    """What is to be redacted. Raises NotFound, also for what the actor may not see; ActionNotAllowed."""
    piece = session.get(Evidence, key)
    issue = session.get(Issue, piece.issue_id) if piece else None
    if piece is None or issue is None or not sees(by, issue):
        raise NotFound(what="evidence", code=key)
    must_hold(by, Right.REDACT, city=city, area_path=issue.area_path, unit=issue.lead_unit)
    photo = session.get(Photo, piece.sha256)
    if photo is None or photo.plain is None:
        raise NotFound(what="evidence", code=key)
    query = select(Redaction).where(Redaction.sha256 == photo.sha256).order_by(col(Redaction.id))
    history = list(session.exec(query))
    areas = [Area(*area) for area in history[-1].areas] if history else []
    return Sheet(piece, issue, photo, areas, (history[-1].id or 0) if history else 0, history)


def redact(
    session: Session,
    place: Place,
    key: int,
    *,
    areas: Sequence[Area],
    reason: str = "",
    seen: int,
    by: Actor,
    city: str,
    now: datetime,
) -> Redaction:
    """Make these areas unseen, instead of those of before; none shows the whole photo again. The caller commits.

    `seen`: the latest redaction that the actor knew of. Raises SomebodyWasFaster, WrongValue, NotStored and what
    `sheet` raises.
    """
    of = sheet(session, key, by=by, city=city)
    session.exec(select(Photo.sha256).where(Photo.sha256 == of.photo.sha256).with_for_update()).one()
    of = sheet(session, key, by=by, city=city)
    if of.latest != seen:
        raise SomebodyWasFaster(number=of.issue.number)
    _check(areas)
    shown, small = _drawn(place, of.photo.plain or "", areas)
    row = Redaction(
        sha256=of.photo.sha256,
        areas=[[area.left, area.top, area.width, area.height] for area in areas],
        shown=shown,
        small=small,
        reason=reason.replace("\0", "").strip()[:LONGEST],
        redacted_by=by.code,
        redacted_at=now,
    )
    session.add(row)
    session.connection().execute(
        update(Photo).where(col(Photo.sha256) == of.photo.sha256).values(shown=shown, small=small)
    )
    session.flush()
    return row


def _check(areas: Sequence[Area]) -> None:
    if len(areas) > MOST_AREAS:
        raise WrongValue(field="areas", value=str(len(areas)), expected=f"at most {MOST_AREAS}")
    for area in areas:
        if not area.fits:
            raise WrongValue(field="areas", value=str(area), expected="rectangles inside the picture")


def _drawn(place: Place, plain: str, areas: Sequence[Area]) -> tuple[str, str]:
    """The picture with its areas black, and a small copy of it. Our own file: it was drawn anew before."""
    with Image.open(BytesIO(evidence.read(place, plain)), formats=["JPEG"]) as image:
        image.load()
        pen = ImageDraw.Draw(image)
        for area in areas:
            pen.rectangle(area.in_dots(image.size), fill=_BLACK)
        shown = jpeg(image, most=LONGEST_SIDE, quality=85) if areas else evidence.read(place, plain)
        return evidence.store(place, shown), evidence.store(place, jpeg(image, most=SMALL_SIDE, quality=75))
