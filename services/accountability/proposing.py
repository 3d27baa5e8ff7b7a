"""What the rules propose: one statement for each rule, whatever the number of issues. Nothing is decided here.

A cause proposes once: the key of a measure is unique, so that rounds may overlap. About issues it runs in every round,
about units as a whole every night.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Row, text
from sqlmodel import Session

from models.accountability import Measure, MeasureAct, MeasureEvent, MeasureKind
from models.accountability_rules import Accountability, MeasureRule, When, accountability
from services import bulk, cursors, rulebook
from services.accountability.black import black_listed
from services.people import city_day

DISTRICT = 2
LOOKED = "accountability_looked"
"""The mark of when the last round looked, in seconds of city time: a round reads what is new, not all that is open."""
SEEN_AGAIN = timedelta(minutes=10)
"""How far before the mark a round looks: what was being written when the last one looked."""
BEGINNING = datetime(1, 1, 2, tzinfo=UTC)
SHOWN = 200
"""Issues that a proposal about a unit names."""


def rules_in_force(session: Session) -> Accountability:
    """The rules of today."""
    city = rulebook.the_city(session)
    return accountability(rulebook.rules(session, city.rule_set_code or "").policy)


def propose_about_orders(session: Session, *, since: datetime, now: datetime) -> int:
    """Orders that the ladder numbered. Returns how many are new."""
    rules = rules_in_force(session).of(When.ORDER)
    return write(session, [one for rule in rules for one in _orders(session, rule, since)], now=now)


def propose_about_steps(session: Session, *, since: datetime, now: datetime) -> int:
    """Steps that the ladder reached. Returns how many are new."""
    return write(session, list(_steps(session, rules_in_force(session).of(When.STEP), since)), now=now)


def propose_about_replies(session: Session, *, now: datetime) -> int:
    """Replies that are long late. Returns how many are new."""
    rules = rules_in_force(session).of(When.REPLY_LATE)
    return write(session, [one for rule in rules for one in _long_late(session, rule)], now=now)


def looked(session: Session) -> datetime:
    """Since when to look; from the beginning where nobody has looked yet."""
    mark = cursors.position(session, LOOKED)
    return BEGINNING if mark is None else datetime.fromtimestamp(mark, UTC) - SEEN_AGAIN


def propose_about_units(session: Session, *, now: datetime) -> int:
    """Units with many overdue issues, cards that add up, or months on the black list. Returns how many are new."""
    rules = rules_in_force(session)
    found = [one for rule in rules.of(When.OVERDUE) for one in _overdue(session, rule, now)]
    found += [one for rule in rules.of(When.YELLOW_CARDS) for one in _cards(session, rule, now)]
    found += black_listed(session, rules.of(When.BLACK_LIST), today=city_day(session, now))
    return write(session, found, now=now)


def write(session: Session, found: Sequence[Mapping[str, Any]], *, now: datetime) -> int:
    """Put new measures on record with their first event. Known ones are left alone."""
    if not found:
        return 0
    keys = [str(one["key"]) for one in found]
    known = set(_column(session, "SELECT key FROM measure WHERE key = ANY(:keys)", keys=keys))
    new = {str(one["key"]): {**BLANK, **one, "proposed_at": now} for one in found if one["key"] not in known}
    bulk.insert(session, Measure, list(new.values()), or_skip=True)
    rows = session.connection().execute(
        text(
            "SELECT m.id, m.key, m.kind, m.area_path, m.rule, m.because FROM measure m WHERE m.key = ANY(:keys)"
            " AND NOT EXISTS (SELECT FROM measure_event e WHERE e.measure_id = m.id)"
        ),
        {"keys": list(new)},
    )
    made = rows.all()
    bulk.insert(session, MeasureEvent, [_event(row, now) for row in made])
    return len(made)


BLANK: Mapping[str, Any] = {
    "state": "proposed",
    "version": 1,
    "issue_id": None,
    "order_id": None,
    "paper": "",
    "climbed": 0,
}


def _event(row: Row[Any], now: datetime) -> Mapping[str, Any]:
    said = {"measure_id": row.id, "act": MeasureAct.PROPOSE, "who": "system", "on_behalf_of": None}
    return {**said, "at": now, "why": "", "facts": row.because}


def _column(session: Session, query: str, **values: Any) -> Iterable[Any]:
    return session.connection().execute(text(query), values).scalars().all()


def _rows(session: Session, query: str, **values: Any) -> Iterable[Row[Any]]:
    return session.connection().execute(text(query), values).all()


def _where(path: str, *, level: int) -> str:
    """The place whose office decides: the city, or the district of a path."""
    return "/".join(path.split("/")[:level])


_ORDERS = """
SELECT o.id, o.number, o.degree, o.unit_code, i.id AS issue_id, i.number AS issue, i.area_path
  FROM supervision_order o JOIN issue i ON i.id = o.issue_id
 WHERE o.withdrawn_at IS NULL AND o.issued_at > :since AND (o.replied_at IS NULL OR :since > :beginning)
   AND NOT EXISTS (SELECT FROM measure m WHERE m.order_id = o.id)
"""


def _orders(session: Session, rule: MeasureRule, since: datetime) -> Iterable[Mapping[str, Any]]:
    """The first look takes up those that still wait for a reply, and no others of old."""
    for row in _rows(session, _ORDERS, since=since, beginning=BEGINNING):
        because = {"when": When.ORDER, "order": row.number, "degree": row.degree, "issues": [row.issue]}
        yield {
            "key": f"order/{row.number}",
            "kind": MeasureKind.ORDER,
            "rule": rule.code,
            "unit_code": row.unit_code,
            "area_path": _where(row.area_path, level=DISTRICT if row.degree <= DISTRICT else 1),
            "issue_id": row.issue_id,
            "order_id": row.id,
            "because": because,
        }


_STEPS = """
SELECT i.id, i.number, i.lead_unit, i.area_path, i.cycle, e.step
  FROM issue_event e JOIN issue i ON i.id = e.issue_id AND i.cycle = e.cycle
 WHERE e.action = 'escalate' AND e.step = ANY(:steps) AND e.at > :since AND i.lead_unit IS NOT NULL
   AND (i.state NOT IN ('closed', 'void') OR :since > :beginning)
"""


def _steps(session: Session, rules: Sequence[MeasureRule], since: datetime) -> Iterable[Mapping[str, Any]]:
    """The first look takes up those that are still under way, and no others of old."""
    steps = sorted({rule.step for rule in rules})
    rows = _rows(session, _STEPS, steps=steps, since=since, beginning=BEGINNING) if steps else ()
    for row, rule in ((row, rule) for row in rows for rule in rules if rule.step == row.step):
        yield {
            "key": f"{rule.code}/{row.id}/{row.cycle}",
            "kind": rule.propose,
            "rule": rule.code,
            "unit_code": row.lead_unit,
            "area_path": _where(row.area_path, level=1),
            "issue_id": row.id,
            "order_id": None,
            "because": {"when": When.STEP, "step": row.step, "issues": [row.number]},
        }


_LONG_LATE = """
SELECT m.id, m.unit_code, m.area_path, m.issue_id, m.paper, m.climbed, m.reply_due_at, i.number
  FROM measure m JOIN issue i ON i.id = m.issue_id WHERE m.state = 'issued' AND m.climbed >= :least
"""


def _long_late(session: Session, rule: MeasureRule) -> Iterable[Mapping[str, Any]]:
    for row in _rows(session, _LONG_LATE, least=rule.least):
        yield {
            "key": f"{rule.code}/{row.paper}/{row.reply_due_at:%Y%m%d%H%M}",
            "kind": rule.propose,
            "rule": rule.code,
            "unit_code": row.unit_code,
            "area_path": _where(row.area_path, level=1),
            "issue_id": row.issue_id,
            "order_id": None,
            "because": {"when": When.REPLY_LATE, "order": row.paper, "issues": [row.number]},
        }


_OVERDUE = """
SELECT i.lead_unit AS unit, a.path, count(*) AS n, (array_agg(i.number ORDER BY i.due_at))[:shown] AS numbers
  FROM issue i JOIN unit u ON u.code = i.lead_unit JOIN area a ON a.code = u.area_code
 WHERE i.state = 'rectifying' AND i.due_at <= :now
   AND NOT EXISTS (SELECT FROM measure m WHERE m.unit_code = i.lead_unit AND m.rule = :rule AND m.proposed_at > :since)
 GROUP BY i.lead_unit, a.path HAVING count(*) >= :least
"""


def _overdue(session: Session, rule: MeasureRule, now: datetime) -> Iterable[Mapping[str, Any]]:
    """Having proposed, the rule keeps still about that unit for its days, whatever was decided."""
    since, day = now - timedelta(days=rule.days), city_day(session, now)
    query = _OVERDUE.replace("[:shown]", f"[1:{SHOWN}]")
    for row in _rows(session, query, now=now, since=since, rule=rule.code, least=rule.least):
        because = {"when": When.OVERDUE, "count": row.n, "issues": list(row.numbers)}
        yield _about_unit(rule, row.unit, row.path, because, key=f"{rule.code}/{row.unit}/{day}")


_CARDS = """
SELECT m.unit_code AS unit, a.path, count(*) AS n, max(m.id) AS last, array_agg(m.paper ORDER BY m.id) AS papers
  FROM measure m JOIN unit u ON u.code = m.unit_code JOIN area a ON a.code = u.area_code
 WHERE m.kind = 'yellow_card' AND m.state = 'issued' AND m.decided_at > :since
   AND m.decided_at > (SELECT coalesce(max(r.decided_at), '-infinity') FROM measure r
                        WHERE r.unit_code = m.unit_code AND r.kind = 'red_card' AND r.state = 'issued')
 GROUP BY m.unit_code, a.path HAVING count(*) >= :least
"""


def _cards(session: Session, rule: MeasureRule, now: datetime) -> Iterable[Mapping[str, Any]]:
    """Yellow cards since the last red one."""
    for row in _rows(session, _CARDS, since=now - timedelta(days=rule.days), least=rule.least):
        because = {"when": When.YELLOW_CARDS, "count": row.n, "papers": list(row.papers)}
        yield _about_unit(rule, row.unit, row.path, because, key=f"{rule.code}/{row.unit}/{row.last}")


def _about_unit(rule: MeasureRule, unit: str, path: str, because: Mapping[str, Any], *, key: str) -> Mapping[str, Any]:
    """A yellow card is the district's where the unit is below it; what weighs more is the city's."""
    level = DISTRICT if rule.propose is MeasureKind.YELLOW_CARD else 1
    about = {"kind": rule.propose, "rule": rule.code, "unit_code": unit, "area_path": _where(path, level=level)}
    return {"key": key, **about, "issue_id": None, "order_id": None, "because": because}
