"""The quality re-check: a drawn share of full sheets is done a second time by somebody who does not see the first.

Where the two differ a person decides which counts, neither of the two. Agreement is counted for inspectors and for
standards. It goes with rounds that are held: what is an issue already cannot be looked at unseen.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from math import ceil

from sqlmodel import Session, col, select

from models.area import Area
from models.audit import Round, RoundAct, Sheet
from models.errors import MissingInput, WrongValue
from models.point import Point
from models.rights import Actor
from models.scoring import strata
from services import bulk, people
from services.audit_acts import must_be_held, note, steered
from services.audit_differences import Difference, differences
from services.audits import LARGEST_SEED
from services.sheet_messages import tell_inspectors

Again = Mapping[str, Sequence[Sheet]]


def draw_again(
    session: Session, number: str, *, share: int, seed: int, inspectors: Sequence[str], by: Actor, now: datetime
) -> int:
    """Draw so many per cent of the full sheets, by inspector and category; how many. The caller commits.

    Each goes to one of `inspectors` who did not fill it, evenly. Drawn again, it takes from the sheets that are left.
    Raises NotFound, ActionNotAllowed, NotHeld, PublishedAlready, WrongValue, MissingInput.
    """
    round_ = steered(session, number, by=by)
    must_be_held(round_)
    _check(session, share=share, seed=seed, inspectors=inspectors, now=now)
    there = _full(session, round_)
    drawn = _drawn(there, share=share, seed=seed)
    shared = _shared(drawn, tuple(dict.fromkeys(inspectors)))
    bulk.insert(session, Sheet, _rows(round_, shared))
    points = {who: [sheet.point_code for sheet in sheets] for who, sheets in shared.items()}
    area = session.get_one(Area, round_.area_code)
    tell_inspectors(session, round_, points, area=area, now=now, turn=f"again-{now:%Y%m%d%H%M%S}")
    facts = {"share": share, "seed": seed, "sheets": len(drawn), "of": sum(map(len, there.values()))}
    note(session, round_, RoundAct.RECHECK_DRAWN, by=by, now=now, facts=facts)
    return len(drawn)


def _check(session: Session, *, share: int, seed: int, inspectors: Sequence[str], now: datetime) -> None:
    if not 1 <= share <= 100:
        raise WrongValue(field="share", value=share, expected="1–100")
    if not 0 <= seed <= LARGEST_SEED:
        raise WrongValue(field="seed", value=seed, expected=f"0–{LARGEST_SEED}")
    if not inspectors:
        raise MissingInput(action="recheck", missing="inspectors")
    for code in inspectors:
        if not people.actor(session, code, now=now).all_posts:
            raise WrongValue(field="inspectors", value=code, expected="somebody who holds a post today")


def _full(session: Session, round_: Round) -> dict[strata.Stratum, list[Sheet]]:
    """Full sheets that nobody does again yet, by category and inspector."""
    again = select(Sheet.again_of).where(Sheet.round_id == round_.id, col(Sheet.again_of).is_not(None))
    query = (
        select(Sheet, Point.category_code)
        .join(Point, col(Point.code) == col(Sheet.point_code))
        .where(Sheet.round_id == round_.id, col(Sheet.again_of).is_(None), col(Sheet.filled_at).is_not(None))
        .where(col(Sheet.id).not_in(again))
    )
    found: dict[strata.Stratum, list[Sheet]] = {}
    for sheet, category in session.exec(query.order_by(col(Sheet.id))):
        found.setdefault((category, sheet.inspector), []).append(sheet)
    return found


def _drawn(there: Mapping[strata.Stratum, Sequence[Sheet]], *, share: int, seed: int) -> list[Sheet]:
    """Raises WrongValue where no sheet is full, or every full one is done again already."""
    by_key = {f"{sheet.id:019}": sheet for sheets in there.values() for sheet in sheets}
    if not by_key:
        raise WrongValue(field="share", value=share, expected="full sheets that nobody has done again")
    keys = {stratum: [f"{sheet.id:019}" for sheet in sheets] for stratum, sheets in there.items()}
    wanted = ceil(len(by_key) * share / 100)
    return [by_key[key] for key in sorted(strata.drawn(keys, wanted=wanted, seed=seed))]


def _shared(drawn: Sequence[Sheet], inspectors: Sequence[str]) -> dict[str, list[Sheet]]:
    """Each to the one with the fewest so far who did not fill it. Raises WrongValue where there is nobody else."""
    shared: dict[str, list[Sheet]] = {}
    load = Counter(dict.fromkeys(inspectors, 0))
    for sheet in drawn:
        others = [who for who in inspectors if who != sheet.inspector]
        if not others:
            expected = "somebody else than the inspector of the sheet"
            raise WrongValue(field="inspectors", value=sheet.inspector, expected=expected)
        who = min(others, key=lambda one: load[one])
        load[who] += 1
        shared.setdefault(who, []).append(sheet)
    return shared


def _rows(round_: Round, shared: Again) -> list[dict[str, object]]:
    return [
        {
            "round_id": round_.id,
            "point_code": sheet.point_code,
            "inspector": who,
            "position": position,
            "again_of": sheet.id,
        }
        for who, sheets in shared.items()
        for position, sheet in enumerate(sheets, start=1)
    ]


def undecided(session: Session, round_: Round) -> list[Difference]:
    """Differences between two looks about which nobody has decided."""
    return [one for one in differences(session, round_) if one.chosen is None]
