"""What is published of scores stays what it was, whatever becomes of issues, rules and observations."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session

from models.audit import RoundKind
from models.city import City
from models.errors import ActionNotAllowed, ActionNotPossible
from models.publication import Publication, PublicationState
from models.scoring.number import unexplained
from models.scoring.on_site import place_score, point_scores
from services import publications
from services.publications import OwnDraft
from services.scores import formula
from services.scores.documents import round_document, round_of
from services.scores.publishing import NotForPublication, RoundUnderWay, draft_round, draft_year, made_anew
from services.scores.round import round_scores
from services.scores.year import annual
from tests.cast import HANDLER, MONDAY, OFFICE, who
from tests.services.scores.facts import MET, SEEN, a_round, the_round
from tests.small_city import scoring_content

HEADQUARTERS = "R00020"


def published(session: Session, row: Publication) -> Publication:
    how: Mapping[str, Any] = {"seen": row.content_sha256, "now": MONDAY}
    publications.approve(session, row.id or 0, by=who(session, HEADQUARTERS), **how)
    return publications.publish(session, row.id or 0, by=who(session, OFFICE), **how)


def a_draft(session: Session, number: str | None = None) -> Publication:
    return draft_round(session, number or a_round(session), by=who(session, OFFICE), now=MONDAY)


def another_formula(session: Session) -> str:
    content = deepcopy(scoring_content())
    content["on_site"]["weights"] = {"01": 9}
    city = session.get_one(City, "5103")
    city.scoring_code = formula.keep(session, content, now=MONDAY)
    session.flush()
    return city.scoring_code


def test_a_round_is_frozen_with_its_formula_and_its_rows(city: Session) -> None:
    number = a_round(city)
    row = a_draft(city, number)
    figures = round_of(row.content, rules=formula.by_code(city, row.formula))

    assert row.formula == formula.in_force(city).version
    assert figures.score.exact == round_scores(city, number).score.exact
    assert figures.rows == round_scores(city, number).rows
    assert unexplained(figures.score) == []


def test_an_auditor_computes_it_again_from_the_document_alone(city: Session) -> None:
    row = a_draft(city)
    rules = formula.by_code(city, row.formula)
    frozen = round_of(row.content, rules=rules)

    points = point_scores(frozen.rows, rules=rules)

    assert points == frozen.points
    assert place_score(points.values(), of="5103", rules=rules).exact == frozen.score.exact


def test_a_document_is_the_same_after_being_read(city: Session) -> None:
    written = a_draft(city).content

    assert round_document(round_of(written, rules=formula.in_force(city))) == written


def test_another_formula_changes_nothing_that_is_published(city: Session) -> None:
    number = a_round(city)
    row = published(city, a_draft(city, number))
    before, old = deepcopy(row.content), row.formula
    new = another_formula(city)
    city.expire_all()

    assert (row.content, row.formula, row.state) == (before, old, PublicationState.PUBLISHED)
    assert round_scores(city, number).formula.version == new != old
    assert round_scores(city, number).score.exact != round_of(row.content, rules=formula.by_code(city, old)).score.exact


def test_observations_that_change_afterwards_change_nothing_that_is_published(city: Session) -> None:
    row = published(city, a_draft(city))
    before = deepcopy(row.content)
    city.connection().execute(text("UPDATE observation SET result = 'met'"))
    city.expire_all()

    assert row.content == before


def test_a_draft_is_made_anew_and_a_published_one_is_not(city: Session) -> None:
    row, office = a_draft(city), who(city, OFFICE)
    new = another_formula(city)
    again = made_anew(city, row.id or 0, by=office, seen=row.content_sha256, now=MONDAY)
    assert again.formula == new

    published(city, again)
    with pytest.raises(ActionNotPossible):
        made_anew(city, row.id or 0, by=office, seen=row.content_sha256, now=MONDAY)


def test_once_published_the_next_draft_is_the_next_edition(city: Session) -> None:
    number = a_round(city)
    first = published(city, a_draft(city, number))
    second = a_draft(city, number)

    assert (first.edition, second.edition, second.state) == (1, 2, PublicationState.DRAFT)
    assert a_draft(city, number).id == second.id


def test_a_round_that_is_not_over_is_not_published(city: Session) -> None:
    number = a_round(city, seen={"P-0001": SEEN["P-0001"]})

    with pytest.raises(RoundUnderWay, match="1 of 3"):
        a_draft(city, number)


def test_a_covert_round_is_published_itself_before_its_score(city: Session) -> None:
    number = a_round(city, kind=RoundKind.COVERT)

    with pytest.raises(NotForPublication):
        a_draft(city, number)
    the_round(city, number).published_at = MONDAY
    city.flush()
    assert a_draft(city, number).subject == number


def test_whoever_drafts_does_not_approve_and_a_unit_does_neither(city: Session) -> None:
    row = a_draft(city)
    with pytest.raises((OwnDraft, ActionNotAllowed)):
        publications.approve(city, row.id or 0, by=who(city, OFFICE), seen=row.content_sha256, now=MONDAY)
    with pytest.raises(ActionNotAllowed):
        draft_round(city, row.subject, by=who(city, HANDLER), now=MONDAY)


def test_a_year_rests_on_what_was_published_of_its_rounds(city: Session) -> None:
    number = a_round(city)
    frozen = round_of(published(city, a_draft(city, number)).content, rules=formula.in_force(city)).score.exact
    another_formula(city)

    (one,) = annual(city, year=2026, system="civilised_city").rounds

    assert (one.number, one.score and one.score.exact, one.published) == (number, frozen, True)


def test_a_year_is_frozen_with_its_modules(city: Session) -> None:
    a_round(city, seen={point: dict.fromkeys(codes, MET) for point, codes in SEEN.items()})
    row = published(city, draft_year(city, 2026, system="civilised_city", by=who(city, OFFICE), now=MONDAY))

    assert (row.subject, row.period_from.year, row.edition) == ("civilised_city", 2026, 1)
    assert row.content["modules"]["on_site"]["exact"] == "100"
    assert row.content["score"]["notes"] == ["incomplete"]
