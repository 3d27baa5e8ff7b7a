"""What templates speak about, read for many messages at once: issues with their names, posts, digests, the rules."""

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlmodel import Session, select

from models.city import City
from models.errors import NotFound
from models.message import Message
from models.rule import RuleSet
from models.rules import Rules, parse_rules
from notifications.kinds import DIGEST

log = logging.getLogger(__name__)
_ISSUES = """
SELECT i.id, i.number, i.state, i.severity, i.description, i.address, i.rework, i.lead_unit, i.rule_set_code,
       i.cycle, i.source, i.extensions,
       i.due_at, i.due_provisional, i.sign_in_due_at, i.stage_due_at, i.milestone_at,
       p.name AS point_name, a.name AS area_name,
       (SELECT o.number FROM supervision_order o WHERE o.issue_id = i.id ORDER BY o.id DESC LIMIT 1) AS order_number
FROM issue i JOIN area a ON a.code = i.area_code LEFT JOIN point p ON p.code = i.point_code
WHERE i.id = ANY(:ids)
"""
_NAMES = """
SELECT code, name FROM unit WHERE code = ANY(:codes)
UNION ALL SELECT code, name FROM person WHERE code = ANY(:codes)
UNION ALL SELECT code, title FROM post WHERE code = ANY(:codes) AND title <> ''
"""
_BUNDLED = """
SELECT m.bundle_id, m.kind, m.urgency, coalesce(i.number, '') AS number, i.due_at,
       coalesce(i.due_provisional, false) AS due_provisional, p.name AS point_name, i.description,
       m.id AS message_id, m.post_code, m.why, i.id, i.state, i.severity, i.cycle, i.rework, i.lead_unit, i.source
FROM message m LEFT JOIN issue i ON i.id = m.issue_id LEFT JOIN point p ON p.code = i.point_code
WHERE m.bundle_id = ANY(:ids) ORDER BY m.urgency, i.due_at NULLS LAST, m.id
"""
_BY_NUMBER = """
SELECT i.number, i.due_at, coalesce(i.due_provisional, false) AS due_provisional, p.name AS point_name, i.description,
       i.id, i.state, i.cycle, i.rework, i.lead_unit, i.source
FROM issue i LEFT JOIN point p ON p.code = i.point_code WHERE i.number = ANY(:numbers)
"""
LISTS, LINKED = frozenset({"daily_digest", "bulletin"}), 20
"""Messages whose facts list issues, and how many of the lines are linked."""
NAMED_FACTS = ("returned_by", "lead_unit", "actor", "instead_of")


@dataclass(frozen=True)
class CityRules:
    """The city as messages need it: its time zone, its language, the rules that hold now."""

    zone: ZoneInfo
    lang: str
    rules: Rules

    @property
    def policy(self) -> Mapping[str, Any]:
        """The city's own decisions about quiet hours, limits and digests."""
        return self.rules.policy


@dataclass(frozen=True)
class Material:
    """All that is known about one message before it is put in words."""

    message: Message
    city: CityRules
    issue: Mapping[str, Any] | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    bundled: Sequence[Mapping[str, Any]] = ()
    rules: Rules | None = None


def read_city(session: Session) -> CityRules:
    """Raises NotFound before a city pack is loaded."""
    city = session.exec(select(City)).first()
    if city is None or city.rule_set_code is None:
        raise NotFound(what="city", code="-")
    return CityRules(ZoneInfo(city.timezone), city.default_lang, rules_of(session, city.rule_set_code))


def rules_of(session: Session, code: str) -> Rules:
    """The rules under a code; they never change, so they are kept. Raises NotFound."""
    kept = _KEPT.get(code)
    if kept is None:
        row = session.get(RuleSet, code)
        if row is None:
            raise NotFound(what="rule set", code=code)
        kept = _KEPT[code] = parse_rules(code, row.content)
    return kept


_KEPT: dict[str, Rules] = {}


def read_material(session: Session, messages: Sequence[Message], *, city: CityRules) -> dict[int, Material]:
    """What each of these messages speaks about, by message id; a few statements for all of them."""
    issues = _by_id(session, _ISSUES, [m.issue_id for m in messages if m.issue_id])
    names = _names(session, messages, issues)
    bundled = _bundled(session, [m.id for m in messages if m.kind == DIGEST and m.id]) | _listed(session, messages)
    codes = {str(issue["rule_set_code"]) for issue in issues.values() if issue["rule_set_code"]}
    rules = {code: _readable(session, code, city) for code in codes}
    return {
        message.id or 0: Material(
            message=message,
            city=city,
            issue=issues.get(message.issue_id or 0),
            names=names,
            bundled=bundled.get(message.id or 0, ()),
            rules=rules.get(str((issues.get(message.issue_id or 0) or {}).get("rule_set_code")), city.rules),
        )
        for message in messages
    }


def _by_id(session: Session, query: str, ids: Sequence[int]) -> dict[int, Mapping[str, Any]]:
    if not ids:
        return {}
    rows = session.connection().execute(text(query), {"ids": list(set(ids))}).mappings()
    return {int(row["id"]): dict(row) for row in rows}


def _names(session: Session, messages: Sequence[Message], issues: Mapping[int, Mapping[str, Any]]) -> Mapping[str, str]:
    codes = {str(m.facts[name]) for m in messages for name in NAMED_FACTS if m.facts.get(name)}
    codes |= {str(issue["lead_unit"]) for issue in issues.values() if issue["lead_unit"]}
    codes |= {m.post_code for m in messages if m.post_code}
    rows = session.connection().execute(text(_NAMES), {"codes": list(codes)})
    return {code: name for code, name in rows}  # noqa: C416 - rows are not pairs to the type checker


def _bundled(session: Session, ids: Sequence[int]) -> dict[int, list[Mapping[str, Any]]]:
    found: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    if ids:
        for row in session.connection().execute(text(_BUNDLED), {"ids": list(ids)}).mappings():
            found[int(row["bundle_id"])].append(dict(row))
    return found


def _listed(session: Session, messages: Sequence[Message]) -> dict[int, list[Mapping[str, Any]]]:
    """The issues of a morning's list or of a bulletin, as those of digests: what a link can be made of."""
    lists = [m for m in messages if m.kind in LISTS]
    numbers = {line["number"] for m in lists for line in m.facts.get("lines", ())[:LINKED]}
    if not numbers:
        return {}
    rows = session.connection().execute(text(_BY_NUMBER), {"numbers": sorted(numbers)}).mappings()
    found = {row["number"]: dict(row) for row in rows}
    return {m.id or 0: [_as_bundled(found[one], m, post) for one, post in _linked(m) if one in found] for m in lists}


def _linked(message: Message) -> Sequence[tuple[str, str | None]]:
    """The first lines' issues, each once, and the post for which it waits, where the line says one."""
    lines = message.facts.get("lines", ())[:LINKED]
    return list({line["number"]: line.get("post") for line in reversed(lines)}.items())[::-1]


def _as_bundled(row: Mapping[str, Any], message: Message, post: str | None) -> Mapping[str, Any]:
    more = {"kind": message.kind, "urgency": message.urgency, "message_id": message.id}
    return {**row, **more, "post_code": post or message.post_code, "why": message.why}


def _readable(session: Session, code: str, city: CityRules) -> Rules:
    """The rules of an issue; the city's when they cannot be read: words of one issue must not hold up all others."""
    try:
        return rules_of(session, code)
    except (NotFound, LookupError, TypeError, ValueError) as error:
        log.error("rule set %s cannot be read: %s", code, type(error).__name__)
        return city.rules
