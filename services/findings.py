"""A finding becomes an issue: looked up, completed from its point and standard, registered."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import tuple_
from sqlmodel import Session, col, select

from models.area import Area
from models.errors import MissingInput, NotFound, WrongValue
from models.issue import FoundLevel, Issue, Source
from models.lifecycle import Action
from models.point import Point
from models.rights import Actor
from models.standard import Category, EvaluationSystem, EvaluationVersion, Standard
from services import bulk, rulebook
from services.commands import Command, Outcome
from services.transition import apply

DEFAULT_SEVERITY = "S3"
LONGEST = 2000


@dataclass(frozen=True)
class Finding:
    """What somebody saw. A point or an area says where; a standard or a severity says how bad.

    `category` says what it is about where neither a standard nor a point does.

    `version` is the edition that the standard belongs to, the one in force where none is named.
    `key` makes a repetition harmless (a phone that sends twice): it is kept as `external_ref`.
    """

    description: str
    source: Source = Source.SELF_CHECK
    found_level: FoundLevel = FoundLevel.CITY
    point: str | None = None
    area: str | None = None
    category: str | None = None
    standard: str | None = None
    version: str | None = None
    severity: str | None = None
    address: str = ""
    lat: float | None = None
    lng: float | None = None
    deduction: Decimal | None = None
    round_id: int | None = None
    key: str | None = None
    evidence: tuple[Mapping[str, Any], ...] = field(default_factory=tuple)


def find(session: Session, *, findings: Sequence[Finding], by: Actor, now: datetime) -> list[Outcome]:
    """Register problems; a key that is known already gives the issue that is there.

    Raises NotFound, WrongValue, MissingInput; ActionNotAllowed for somebody without any post.
    """
    if any(finding.key for finding in findings):
        issue_numbers(session, 0, now=now)  # waits for whoever registers at this moment: it may be the same key
    known = _known_keys(session, (finding.key for finding in findings))
    new = {f.key or place: f for place, f in reversed(list(enumerate(findings))) if f.key not in known}
    in_order = dict(reversed(new.items()))
    commands = [
        Command(Action.FIND, by, data=data) for data in _columns(session, list(in_order.values()), by=by, now=now)
    ]
    made = dict(zip(in_order, apply(session, commands, now=now), strict=True))
    return [known[f.key] if f.key in known else made[f.key or place] for place, f in enumerate(findings)]


def _known_keys(session: Session, keys: Iterable[str | None]) -> dict[str | None, Outcome]:
    wanted = [key for key in keys if key]
    if not wanted:
        return {}
    rows = session.exec(
        select(col(Issue.external_ref), col(Issue.id), col(Issue.number), col(Issue.state)).where(
            col(Issue.external_ref).in_(wanted)
        )
    )
    nothing = Command(Action.FIND, Actor("system"))
    return {ref: Outcome(nothing, key, number, state, repeated=True) for ref, key, number, state in rows}


def _columns(session: Session, findings: Sequence[Finding], *, by: Actor, now: datetime) -> list[dict[str, Any]]:
    """Everything the issue's row holds when it is found, looked up for all findings at once."""
    if not findings:
        return []
    points = _by_code(session, Point, {f.point for f in findings})
    areas = _by_code(session, Area, {f.area for f in findings} | {point.area_code for point in points.values()})
    version = current_version(session, now=now)
    _by_code(session, Category, {f.category for f in findings})
    standards = _standards(session, {(f.version or version, f.standard) for f in findings if f.standard})
    rules = rulebook.rules(session, rulebook.the_city(session).rule_set_code or "")
    chosen = [standards.get((finding.version or version, finding.standard)) for finding in findings]
    rows = [_row(finding, points, areas, standard) for finding, standard in zip(findings, chosen, strict=True)]
    for row in rows:
        rules.severity(row["severity"])
    numbers = issue_numbers(session, len(rows), now=now)
    ids = bulk.take_ids(session, "issue_id_seq", len(rows))
    more = {"found_by": None if by.is_system else by.code, "found_at": now}
    return [{**row, **more, "id": id_, "number": n} for row, id_, n in zip(rows, ids, numbers, strict=True)]


def issue_numbers(session: Session, count: int, *, now: datetime) -> list[str]:
    """The next issue numbers of this year, such as ZG-2026-000123."""
    city = rulebook.the_city(session)
    year = now.astimezone(ZoneInfo(city.timezone)).year
    series = f"issue/{city.number_prefix}/{year}"
    return [f"{city.number_prefix}-{year}-{n:06d}" for n in bulk.take_numbers(session, series, count)]


def current_version(session: Session, *, now: datetime) -> str | None:
    """The newest edition in force of the city's own system: the first in their order that has one."""
    today = now.astimezone(ZoneInfo(rulebook.the_city(session).timezone)).date()
    query = (
        select(EvaluationVersion.code)
        .join(EvaluationSystem, col(EvaluationSystem.code) == col(EvaluationVersion.system_code))
        .where(col(EvaluationVersion.valid_from) <= today)
        .order_by(col(EvaluationSystem.position), col(EvaluationVersion.valid_from).desc(), col(EvaluationVersion.code))
    )
    return session.exec(query).first()


def _by_code(session: Session, model: Any, codes: set[str | None]) -> dict[str, Any]:
    wanted = {code for code in codes if code}
    found = {row.code: row for row in session.exec(select(model).where(model.code.in_(wanted)))} if wanted else {}
    for code in sorted(wanted - set(found)):
        raise NotFound(what=model.__name__.lower(), code=code)
    return found


Edition = tuple[str | None, str | None]


def _standards(session: Session, wanted: set[Edition]) -> dict[Edition, Standard]:
    query = select(Standard).where(tuple_(col(Standard.version_code), col(Standard.code)).in_(wanted))
    found: dict[Edition, Standard] = (
        {(row.version_code, row.code): row for row in session.exec(query)} if wanted else {}
    )
    for _, code in sorted(wanted - set(found), key=str):
        raise NotFound(what="standard", code=code)
    return found


def _row(
    finding: Finding,
    points: Mapping[str, Point],
    areas: Mapping[str, Area],
    standard: Standard | None,
) -> dict[str, Any]:
    point = points.get(finding.point or "")
    area = areas.get(finding.area or (point.area_code if point else ""))
    if area is None:
        raise MissingInput(action=Action.FIND.value, missing="point / area")
    _check(finding, point, standard)
    return {
        "description": finding.description.strip(),
        "source": finding.source,
        "found_level": finding.found_level,
        "external_ref": finding.key,
        "round_id": finding.round_id,
        "version_code": standard.version_code if standard else None,
        "standard_code": standard.code if standard else None,
        "category_code": _category(finding, point, standard),
        "point_code": point.code if point else None,
        "area_code": area.code,
        "area_path": area.path,
        "lat": finding.lat if finding.lat is not None else point.lat if point else None,
        "lng": finding.lng if finding.lng is not None else point.lng if point else None,
        "address": finding.address or (point.address if point else ""),
        "severity": finding.severity or (standard.severity if standard else DEFAULT_SEVERITY),
        "deduction": finding.deduction if finding.deduction is not None else _deduction(standard),
        "evidence": finding.evidence,
    }


def _category(finding: Finding, point: Point | None, standard: Standard | None) -> str | None:
    if standard:
        return standard.category_code
    return point.category_code if point else finding.category


def _deduction(standard: Standard | None) -> Decimal:
    return standard.deduction if standard else Decimal(0)


def _check(finding: Finding, point: Point | None, standard: Standard | None) -> None:
    text = finding.description.strip()
    if not text:
        raise MissingInput(action=Action.FIND.value, missing="description")
    if len(text) > LONGEST or "\x00" in text:
        raise WrongValue(field="description", value=text[:20] + "…", expected=f"at most {LONGEST} characters of text")
    if point and standard and point.category_code != standard.category_code:
        expected = f"a standard of category {point.category_code}"
        raise WrongValue(field="standard", value=standard.code, expected=expected)
