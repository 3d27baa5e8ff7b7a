"""A year in the making: its rounds, its three modules, and what preconditions and counties add beside it.

What was published of a round stays what it counts with: nobody's year changes because a formula did.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import or_
from sqlmodel import Session, col, select

from models.area import Area
from models.audit import Round, RoundKind
from models.publication import PublicationKind
from models.scoring.number import Number
from models.scoring.on_site import RoundScore, year_score
from models.scoring.rules import Scoring
from models.scoring.yearly import composed, so_far
from models.standard import EvaluationSystem, EvaluationVersion
from services.people import city_day
from services.scores.documents import leaf
from services.scores.editions import by_edition
from services.scores.frozen import published_number
from services.scores.modules import edition_of, filing_module, questionnaire_module
from services.scores.observed import observed
from services.scores.round import figures_of

ANNUAL, ON_SITE, FILING, QUESTIONNAIRE = "annual", "on_site", "online_filing", "questionnaire"
DISTRICT = 2


@dataclass(frozen=True)
class RoundOfYear:
    """A round within a year. `score`: without what it was made from, which its own page shows; None: not finished."""

    number: str
    kind: str
    on_date: date
    score: Number | None
    counts: bool
    published: bool


def rounds_of(session: Session, year: int, system: str, area_code: str) -> list[Round]:
    """The rounds of a year by the editions of a system, ordered for that very area.

    Sweeps are none; nor are covert ones that the places visited may not know of yet.
    """
    query = (
        select(Round)
        .join(EvaluationVersion, col(EvaluationVersion.code) == col(Round.version_code))
        .where(
            EvaluationVersion.system_code == system,
            Round.area_code == area_code,
            Round.kind != RoundKind.SAME_FAULT,
            or_(col(Round.kind) != RoundKind.COVERT, col(Round.published_at).is_not(None)),
            col(Round.on_date).between(date(year, 1, 1), date(year, 12, 31)),
        )
    )
    return list(session.exec(query.order_by(col(Round.on_date), col(Round.id))))


class Making:
    """A year that is being made: editions and their rules are read once."""

    def __init__(self, session: Session, year: int, base: Scoring, now: datetime | None) -> None:
        self.session, self.year, self.base, self.now = session, year, base, now
        self._rules: dict[str | None, Scoring] = {}

    @property
    def day(self) -> date:
        """The day for which the negative list is looked at."""
        last = date(self.year, 12, 31)
        return last if self.now is None else min(last, city_day(self.session, self.now))

    def rules(self, system: str) -> Scoring:
        """By the edition of the system that is in force at the end of the year."""
        return self._by(edition_of(self.session, year=self.year, system=system))

    def _by(self, edition: str | None) -> Scoring:
        if edition not in self._rules:
            self._rules[edition] = by_edition(self.session, edition, rules=self.base)
        return self._rules[edition]

    def modules(self, system: str, area: str) -> tuple[list[RoundOfYear], dict[str, Number]]:
        """The three modules, and the rounds behind the first."""
        rules = self.rules(system)
        rounds = [self._round(one, rules) for one in rounds_of(self.session, self.year, system, area)]
        scored = [RoundScore(place, one.kind, one.score) for place, one in enumerate(rounds) if one.score is not None]
        edition = edition_of(self.session, year=self.year, system=system)
        return rounds, {
            ON_SITE: year_score(scored, of=area, rules=rules),
            FILING: filing_module(self.session, year=self.year, edition=edition, of=area, rules=rules, now=self.now),
            QUESTIONNAIRE: questionnaire_module(self.session, year=self.year, area_code=area, rules=rules),
        }

    def _round(self, one: Round, rules: Scoring) -> RoundOfYear:
        """A round by the rules of its own edition; as it was published where it was."""
        kind, area = PublicationKind.ROUND_SCORES, one.area_code
        score = known = published_number(self.session, kind, "score", area_code=area, subject=one.number)
        if known is None and one.finished_at is not None:
            rows = observed(self.session, one.id or 0)
            score = figures_of(self.session, one, rows, rules=self._by(one.version_code)).score
        named = None if score is None else replace(leaf(score), name="round", of=one.number)
        counts = score is not None and bool(rules.on_site.rounds.get(one.kind.value))
        return RoundOfYear(one.number, one.kind.value, one.on_date, named, counts, known is not None)

    def gating(self, rules: Scoring, area: str, *, known: Mapping[str, Number]) -> dict[str, Number]:
        """What preconditions ask for beside the modules: the year of the system that has the name of the module."""
        wanted = {one.module for one in rules.preconditions} - set(known)
        query = select(EvaluationSystem.code).where(col(EvaluationSystem.code).in_(wanted))
        return {system: self._whole(system, area) for system in sorted(self.session.exec(query))}

    def _whole(self, system: str, area: str) -> Number:
        _, modules = self.modules(system, area)
        return so_far(composed(ANNUAL, modules=modules, of=area, rules=self.rules(system)))

    def counties(self, system: str, area: Area) -> dict[str, Number]:
        """The years of the districts and counties below that have rounds of their own."""
        below = col(Area.path).startswith(f"{area.path}/", autoescape=True)
        query = select(Area.code).where(Area.level == DISTRICT, below).order_by(col(Area.code))
        codes = [code for code in self.session.exec(query) if rounds_of(self.session, self.year, system, code)]
        return {code: self._whole(system, code) for code in codes}
