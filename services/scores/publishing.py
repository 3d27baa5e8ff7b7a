"""Scores frozen into publications: drafted from the figures of the day, made anew while a draft, then never changed.

The months of units are drafted with their places (services/ranking); rounds and years here. Approving and publishing
are services/publications.py, as for everything that is published.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from models.audit import Round
from models.errors import NotFound, Refused
from models.publication import Publication, PublicationKind
from models.rights import Actor
from models.scoring.document import to_document
from models.scoring.rules import Scoring
from services import publications
from services.scores.documents import round_document
from services.scores.formula import keep_in_force
from services.scores.frozen import newest
from services.scores.round import round_scores, the_round
from services.scores.year import YearFigures, annual


class RoundUnderWay(Refused):
    """A round is scored for publication once nothing can be added to it."""

    code = "round_under_way"
    template = "Audit {number} is not over: {filled} of {sheets} sheets are filled. Its score is published afterwards."


class NotForPublication(Refused):
    """A covert round is secret until it is published itself."""

    code = "round_is_secret"
    template = "Audit {number} is not published yet. Publish the audit first, then its score."


def draft_round(session: Session, number: str, *, by: Actor, now: datetime) -> Publication:
    """The draft of a round's score; the one that is there, where there is one that is not published.

    Once one is published, the next edition. Raises NotFound, RoundUnderWay, NotForPublication, ActionNotAllowed.
    """
    round_ = the_round(session, number)
    rules = keep_in_force(session, now=now)
    content, formula = _round_content(session, round_, rules)
    kind, area = PublicationKind.ROUND_SCORES, round_.area_code
    return publications.draft(
        session,
        kind=kind,
        area_code=area,
        period_from=round_.on_date,
        period_to=round_.on_date,
        subject=round_.number,
        content=content,
        formula=formula,
        edition=_edition(session, kind, area_code=area, subject=round_.number),
        by=by,
        now=now,
    )


def draft_year(
    session: Session, year: int, *, system: str, by: Actor, now: datetime, area_code: str | None = None
) -> Publication:
    """The draft of a year's score; as `draft_round`. Raises NotFound, ActionNotAllowed."""
    rules = keep_in_force(session, now=now)
    figures = annual(session, year=year, system=system, area_code=area_code, now=now, rules=rules)
    kind, area = PublicationKind.ANNUAL, figures.area_code
    return publications.draft(
        session,
        kind=kind,
        area_code=area,
        period_from=date(year, 1, 1),
        period_to=date(year, 12, 31),
        subject=system,
        content=year_document(figures),
        formula=figures.formula.version,
        edition=_edition(session, kind, area_code=area, subject=system, period_from=date(year, 1, 1)),
        by=by,
        now=now,
    )


def made_anew(session: Session, publication_id: int, *, by: Actor, seen: str, now: datetime) -> Publication:
    """The draft with the figures of today, by the rules of today. Raises NotFound and as publications.change does."""
    row = session.get(Publication, publication_id)
    if row is None or row.kind not in (PublicationKind.ROUND_SCORES, PublicationKind.ANNUAL):
        raise NotFound(what="publication", code=publication_id)
    rules = keep_in_force(session, now=now)
    if row.kind is PublicationKind.ROUND_SCORES:
        content, formula = _round_content(session, the_round(session, row.subject), rules)
    else:
        year, area = row.period_from.year, row.area_code
        figures = annual(session, year=year, system=row.subject, area_code=area, now=now, rules=rules)
        content, formula = year_document(figures), figures.formula.version
    return publications.change(session, publication_id, content=content, formula=formula, by=by, seen=seen, now=now)


def year_document(figures: YearFigures) -> dict[str, Any]:
    """What is frozen of a year: its modules with what they are made from; rounds stand in their own publications."""
    return {
        "year": figures.year,
        "system": figures.system,
        "edition": figures.edition,
        "area": figures.area_code,
        "score": to_document(figures.score),
        "preliminary": to_document(figures.preliminary),
        "modules": _documents(figures.modules),
        "after": to_document(figures.judged.score),
        "standing": figures.judged.standing.value,
        "gates": [
            {"code": one.rule.code, "least": str(one.rule.least), "value": one.value and to_document(one.value)}
            for one in figures.judged.gates
        ],
        "hits": [{"id": one.id, "code": one.code, "on": one.on_date, "evidence": one.evidence} for one in figures.hits],
        "rounds": [
            {"number": one.number, "kind": one.kind, "on": one.on_date, "score": one.score and to_document(one.score)}
            for one in figures.rounds
        ],
        "counties": _documents(figures.counties),
        "together": to_document(figures.together),
    }


def _documents(numbers: Mapping[str, Any]) -> dict[str, Any]:
    return {code: to_document(number) for code, number in numbers.items()}


def _round_content(session: Session, round_: Round, rules: Scoring) -> tuple[dict[str, Any], str]:
    """What is frozen, and the version of the formula behind it."""
    figures = round_scores(session, round_.number, rules=rules)
    if round_.finished_at is None:
        raise RoundUnderWay(number=round_.number, filled=figures.sheets[0], sheets=figures.sheets[1])
    if round_.is_secret:
        raise NotForPublication(number=round_.number)
    return round_document(figures), figures.formula.version


def _edition(
    session: Session, kind: PublicationKind, *, area_code: str, subject: str, period_from: date | None = None
) -> int:
    """That of the draft under way, or the one after the last published."""
    row = newest(session, kind, area_code=area_code, subject=subject, period_from=period_from)
    if row is None:
        return 1
    return row.edition + 1 if row.published_at else row.edition
