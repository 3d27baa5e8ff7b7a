"""The rules of scoring: those in force, those of any publication, and the default of a city that brings none.

They stand apart from the rules that issues are under: a weight that changes is another formula for the next figures,
and changes no issue.
"""

import tomllib
from collections.abc import Collection, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from models.errors import NotFound
from models.score import ScoringVersion
from models.scoring.parsing import parse_scoring, version_of
from models.scoring.rules import Scoring
from models.standard import Category
from services.bulk import table_of
from services.rulebook import the_city

DEFAULT = Path(__file__).parent / "default.toml"
KEPT = 32


@cache
def default_document() -> Mapping[str, Any]:
    """What holds for a city whose pack has no rules/scoring.toml: the weights of the field, nothing local."""
    return tomllib.loads(DEFAULT.read_text("utf-8"))


def in_force(session: Session) -> Scoring:
    """The rules of scoring that hold for new figures; the default where the city names none."""
    code = the_city(session).scoring_code
    return by_code(session, code) if code else parsed(version_of(default_document()), default_document())


def by_code(session: Session, code: str) -> Scoring:
    """The rules under a code. Raises NotFound.

    Their `version` differs from the code where the formulae themselves have changed since: figures made anew by them
    are of another version.
    """
    if code in _parsed:
        return _parsed[code]
    row = session.get(ScoringVersion, code)
    if row is not None:
        return parsed(code, row.content)
    if code == version_of(default_document()):
        return parsed(code, default_document())
    raise NotFound(what="scoring version", code=code[:80])


_parsed: dict[str, Scoring] = {}


def parsed(code: str, content: Mapping[str, Any]) -> Scoring:
    """The rules of a document, kept under its code: a document never changes."""
    if code not in _parsed:
        while len(_parsed) >= KEPT:
            _parsed.pop(next(iter(_parsed)))
        _parsed[code] = parse_scoring(content)
    return _parsed[code]


def keep(session: Session, content: Mapping[str, Any], *, now: datetime) -> str:
    """Keep a document under its code, once; returns the code. The caller commits."""
    code = version_of(content)
    row = insert(table_of(ScoringVersion)).values(code=code, content=dict(content), created_at=now)
    session.connection().execute(row.on_conflict_do_nothing(index_elements=["code"]))
    return code


def keep_in_force(session: Session, *, now: datetime) -> Scoring:
    """The rules in force, kept so that a publication can name them whatever changes later. The caller commits."""
    code = the_city(session).scoring_code
    row = session.get(ScoringVersion, code) if code else None
    document = row.content if row else default_document()
    return parsed(keep(session, document, now=now), document)


def category_names(session: Session, codes: Collection[str]) -> Mapping[str, tuple[str, str]]:
    """The names of the categories that a formula weighs, Chinese and English."""
    known = session.exec(select(Category.code, Category.name, Category.name_en).where(col(Category.code).in_(codes)))
    return {code: (name, name_en) for code, name, name_en in known}
