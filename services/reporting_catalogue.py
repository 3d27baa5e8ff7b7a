"""What can be wrong: categories and standards of the edition in force, the most used lately first."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import Session, col, select

from models.rules import SeverityRule
from models.standard import Category, EvaluationVersion, Standard
from services import rulebook
from services.findings import current_version

LATELY = 5000
"""Issues that are looked at to see what is used most: the newest, so the cost stays the same whatever their number."""


@dataclass(frozen=True)
class Rule:
    """A standard as somebody in the street chooses it."""

    code: str
    category: str
    text: str
    text_en: str
    severity: str


@dataclass(frozen=True)
class Kind:
    """A category of places."""

    code: str
    name: str
    name_en: str


@dataclass(frozen=True)
class Catalogue:
    """Both lists stand in the order in which they are offered."""

    version: str | None
    categories: Sequence[Kind]
    standards: Sequence[Rule]

    def standards_of(self, category: str | None) -> Sequence[Rule]:
        """Those of a category; all where none is given."""
        return [rule for rule in self.standards if category in (None, rule.category)]

    def standard(self, code: str | None) -> Rule | None:
        """The standard with this code."""
        return next((rule for rule in self.standards if rule.code == code), None)

    def category(self, code: str | None) -> Kind | None:
        """The category with this code."""
        return next((kind for kind in self.categories if kind.code == code), None)


def catalogue(session: Session, *, now: datetime) -> Catalogue:
    """All that can be chosen today."""
    version = current_version(session, now=now)
    by_standard, by_category = _used(session)
    of_version = select(Standard).where(col(Standard.version_code) == version)
    standards = sorted(session.exec(of_version), key=lambda one: (-by_standard[one.code], one.code))
    system = select(EvaluationVersion.system_code).where(col(EvaluationVersion.code) == version)
    of_system = select(Category).where(col(Category.system_code).in_(system))
    categories = sorted(session.exec(of_system), key=lambda one: (-by_category[one.code], one.code))
    return Catalogue(
        version,
        [Kind(one.code, one.name, one.name_en) for one in categories],
        [Rule(one.code, one.category_code, one.text, one.text_en, one.severity) for one in standards],
    )


def severities(session: Session) -> Sequence[SeverityRule]:
    """How bad it can be, the mildest first as the rules have them."""
    found = rulebook.rules(session, rulebook.the_city(session).rule_set_code or "").severities
    return [found[code] for code in sorted(found)]


def _used(session: Session) -> tuple[Counter[str], Counter[str]]:
    query = text(
        "SELECT standard_code, category_code, count(*) FROM"
        " (SELECT standard_code, category_code FROM issue ORDER BY id DESC LIMIT :lately) AS newest"
        " GROUP BY standard_code, category_code"
    )
    standards: Counter[str] = Counter()
    categories: Counter[str] = Counter()
    rows: Any = session.connection().execute(query, {"lately": LATELY})
    for standard, category, count in rows:
        standards[standard or ""] += count
        categories[category or ""] += count
    return standards, categories
