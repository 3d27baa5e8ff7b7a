"""Repeating the draw of a round: from its frozen frame and its seed come the same points, or it says which do not."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlmodel import Session, col, select

from models.area import Area
from models.audit import Method, Round, Sheet
from models.scoring import strata
from services.audit_frame import Framed, by_category, by_stratum, frame_hash, frame_today, kept
from services.drawing import draw


class Outcome(StrEnum):
    """What came of repeating it."""

    SAME = "same"
    DIFFERENT = "different"
    ALTERED = "altered"
    CHOSEN = "chosen"


@dataclass(frozen=True)
class Stratum:
    """How many points of a category in an area there were, and how many of them were drawn."""

    category: str
    area: str
    there: int
    drawn: int


@dataclass(frozen=True)
class Redraw:
    """A draw repeated. `from_frame` is false for a round from before there were frames: the points of today served.

    `missing` were drawn then and are not now; `extra` the other way about. `frame_sha256` is worked out anew.
    """

    number: str
    outcome: Outcome
    method: Method
    seed: int
    wanted: int
    frame: Sequence[Framed]
    from_frame: bool
    frame_sha256: str
    drawn: Sequence[str]
    missing: Sequence[str]
    extra: Sequence[str]
    strata: Sequence[Stratum]

    @property
    def is_same(self) -> bool:
        """Whether the draw stands: repeated to the same points, or nothing was drawn."""
        return self.outcome in (Outcome.SAME, Outcome.CHOSEN)


def drawn_from(frame: Sequence[Framed], *, method: Method, wanted: int, seed: int) -> list[str]:
    """The draw itself, by the method of the round."""
    if method is Method.STRATA:
        return strata.drawn(by_stratum(frame), wanted=wanted, seed=seed)
    return draw(by_category(frame), wanted=wanted, seed=seed)


def redraw(session: Session, round_: Round) -> Redraw:
    """Draw once more and compare. Nothing is written."""
    frame, from_frame = _frame(session, round_)
    sheets = select(Sheet.point_code).where(Sheet.round_id == round_.id, col(Sheet.again_of).is_(None))
    first = set(session.exec(sheets))
    chosen = round_.method is Method.CHOSEN
    again = first if chosen else set(_again(round_, frame))
    found = frame_hash(frame)
    return Redraw(
        number=round_.number,
        outcome=_outcome(round_, same=again == first, sha256=found),
        method=round_.method,
        seed=round_.seed,
        wanted=round_.wanted,
        frame=frame,
        from_frame=from_frame,
        frame_sha256=found,
        drawn=sorted(first),
        missing=sorted(first - again),
        extra=sorted(again - first),
        strata=_strata(frame, first),
    )


def _again(round_: Round, frame: Sequence[Framed]) -> list[str]:
    return drawn_from(frame, method=round_.method, wanted=round_.wanted, seed=round_.seed)


def _frame(session: Session, round_: Round) -> tuple[Sequence[Framed], bool]:
    if round_.method is Method.CHOSEN:
        return (), False
    if round_.frame_sha256 is not None:
        return kept(session, round_), True
    path = session.get_one(Area, round_.area_code).path
    today = frame_today(session, area_path=path, version=round_.version_code, categories=round_.categories)
    return today, False


def _outcome(round_: Round, *, same: bool, sha256: str) -> Outcome:
    if round_.method is Method.CHOSEN:
        return Outcome.CHOSEN
    if round_.frame_sha256 is not None and sha256 != round_.frame_sha256:
        return Outcome.ALTERED
    return Outcome.SAME if same else Outcome.DIFFERENT


def _strata(frame: Sequence[Framed], drawn: set[str]) -> list[Stratum]:
    there = Counter((one.category, one.area) for one in frame)
    taken = Counter((one.category, one.area) for one in frame if one.point in drawn)
    return [Stratum(*pair, there[pair], taken[pair]) for pair in sorted(there)]


def names(session: Session, found: Redraw) -> Mapping[str, str]:
    """The names of the areas of its strata."""
    codes = {one.area for one in found.strata}
    return dict(session.exec(select(Area.code, Area.name).where(col(Area.code).in_(codes))).all())
