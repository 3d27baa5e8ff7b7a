"""The half-month dispatch (半月调度): the figures of the period just ended, frozen in a bulletin and sent."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlmodel import Session, col, select

from models.appraisal import Appraisal, Bulletin
from models.area import Area
from models.errors import WrongValue
from models.message import Message
from models.seal import plain
from models.unit import PostKind
from notifications.outbox import wake
from services import bulk, people, rulebook
from services.figures import FORMULA, Ranked, UnitFigures, bottom, ranking, total, unit_figures
from services.lagging import Laggards, as_line, laggards
from services.message_rows import message_row

KIND = "half_month"
DISTRICT = 2
RATES = ("rectification_rate", "on_time_rate", "rework_rate", "overdue_open_rate", "extension_rate", "return_rate")


def period_before(on: date) -> tuple[date, date]:
    """The half month that ended last before a day, both days included: the 1st to 15th, the 16th to the end."""
    first = on.replace(day=1)
    if on.day >= 16:
        return first, first.replace(day=15)
    end = first - timedelta(days=1)
    return end.replace(day=16), end


def half_month(session: Session, *, on: date, now: datetime) -> Bulletin:
    """The bulletin of the half month before a day; made and sent once, whoever asks again gets the same.

    1. Count the period, rank the units in their groups.
    2. Freeze the figures, with the version of the formulae.
    3. Write the messages, each with what is overdue in its reader's hands.

    Raises WrongValue for a day that has not come yet.
    """
    if on > people.city_day(session, now):
        raise WrongValue(field="on", value=on.isoformat(), expected="a day that has come")
    first, last = period_before(on)
    session.connection().execute(text("SELECT pg_advisory_xact_lock(hashtext(:key))"), {"key": f"{KIND}/{first}"})
    known = select(Bulletin).where(Bulletin.kind == KIND, Bulletin.period_from == first, Bulletin.period_to == last)
    bulletin = session.exec(known).first()
    if bulletin is not None:
        return bulletin
    figures = unit_figures(session, **bounds(session, first, last))
    ranked = ranking(figures)
    bulletin = _publish(session, first, last, figures, ranked, now=now)
    _tell(session, bulletin, [one.unit_code for one in figures], now=now)
    return bulletin


def bounds(session: Session, first: date, last: date) -> dict[str, datetime]:
    """The instants at which a period of city days begins, and at which it is over."""
    zone = ZoneInfo(rulebook.the_city(session).timezone)
    return {
        "start": datetime.combine(first, time(), zone),
        "end": datetime.combine(last + timedelta(days=1), time(), zone),
    }


def _publish(
    session: Session,
    first: date,
    last: date,
    figures: Sequence[UnitFigures],
    ranked: Sequence[Ranked],
    *,
    now: datetime,
) -> Bulletin:
    frozen = {
        "formula": FORMULA,
        "units": len(figures),
        "total": written(total(figures)),
        "bottom": [{"code": one.unit_code, "name": one.unit_name} for one in bottom(ranked)],
    }
    bulletin = Bulletin(kind=KIND, period_from=first, period_to=last, figures=frozen, published_at=now)
    session.add(bulletin)
    session.flush()
    rows = [
        {
            "bulletin_id": bulletin.id,
            "unit_code": one.figures.unit_code,
            "figures": {"formula": FORMULA, "rank": one.rank, **written(one.figures)},
        }
        for one in ranked
    ]
    bulk.insert(session, Appraisal, rows)
    return bulletin


def written(figures: UnitFigures) -> dict[str, Any]:
    """Counts and rates as a document keeps them; a rate is text of a fraction with four digits, or None."""
    rates = {name: getattr(figures, name) for name in RATES}
    shown = {name: None if rate is None else f"{rate:.4f}" for name, rate in rates.items()}
    document: dict[str, Any] = plain({**asdict(figures), "to_close": figures.to_close, **shown})
    return document


def percent(rate: str | None) -> str:
    """A frozen rate as a reader sees it: `90.7`, or a dash where nothing was due."""
    return "–" if rate is None else f"{float(rate) * 100:.1f}"


@dataclass(frozen=True)
class Addressee:
    """A post that gets the bulletin, why, and of which area or unit it is shown what is overdue."""

    post: str
    why: str
    about: str
    unit: str | None = None


def _tell(session: Session, bulletin: Bulletin, units: Sequence[str], *, now: datetime) -> None:
    """Everybody gets the same figures, and what is overdue now in their own hands, with a link to each."""
    city = rulebook.the_city(session).code
    behind = laggards(session, now=now)
    rows = [
        message_row(
            key=f"bulletin-{bulletin.id}-{one.post}",
            kind="bulletin",
            post=one.post,
            unit=one.unit,
            area_path=city,
            why=one.why,
            channels=("app", "mail"),
            facts=_facts(bulletin) | _listed(behind.get(one.about)),
            now=now,
        )
        for one in _addressees(session, city, units, behind)
    ]
    if bulk.insert(session, Message, rows, or_skip=True):
        wake(session)


def _facts(bulletin: Bulletin) -> dict[str, Any]:
    sums = bulletin.figures["total"]
    return {
        "bulletin_id": bulletin.id,
        "start": bulletin.period_from,
        "end": bulletin.period_to,
        "totals": {
            "assigned": sums["assigned"],
            "due": sums["to_close"],
            "closed": sums["closed"],
            "rate": percent(sums["rectification_rate"]),
            "overdue": sums["overdue_open"],
        },
        "bottom": [one["name"] for one in bulletin.figures["bottom"]],
    }


def _listed(behind: Laggards | None) -> dict[str, Any]:
    known = behind or Laggards()
    return {"late": known.count, "lines": [as_line(one) for one in known.worst]}


def _addressees(
    session: Session, city: str, units: Sequence[str], behind: Mapping[str, Laggards]
) -> Iterator[Addressee]:
    """The city's office and headquarters; the office and the leader of each district where something is overdue; the
    leader of each unit that had cases."""
    for kind in (PostKind.OFFICE, PostKind.HEADQUARTERS):
        yield Addressee(f"{city}:{kind}", f"L1.{kind}", about=city)
    districts = session.exec(select(Area.code).where(col(Area.level) == DISTRICT, col(Area.code).in_(list(behind))))
    late = sorted(districts)
    for code in late:
        yield Addressee(f"{code}:{PostKind.OFFICE}", f"L{DISTRICT}.{PostKind.OFFICE}", about=code)
    for unit, post in _leaders(session, sorted({*units, *(f"T{code}" for code in late)})):
        yield Addressee(post, f"unit.{post.rsplit(':')[1]}", about=unit, unit=unit)


def _leaders(session: Session, units: Sequence[str]) -> list[tuple[str, str]]:
    """The highest leader's post that each unit has: a community has a direct leader only."""
    query = text(
        "SELECT DISTINCT ON (owner_code) owner_code, code FROM post"
        " WHERE owner_code = ANY(:units) AND kind = ANY(:kinds) ORDER BY owner_code, array_position(:kinds, kind)"
    )
    kinds = [PostKind.PRINCIPAL_LEADER.value, PostKind.DEPUTY_LEADER.value, PostKind.DIRECT_LEADER.value]
    rows = session.connection().execute(query, {"units": list(units), "kinds": kinds})
    return [(owner, code) for owner, code in rows]
