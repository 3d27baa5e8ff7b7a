"""Publications: one drafts, another approves, then it is published and never changes. Every act is on record."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from models.errors import ActionNotAllowed, ActionNotPossible, NotFound
from models.publication import Publication, PublicationAct, PublicationKind, PublicationState, content_hash
from models.rights import SYSTEM, Actor
from services import publications
from services.publications import DraftChanged, OwnDraft
from tests.cast import DISTRICT_OFFICE, HANDLER, MONDAY, OFFICE, OUTSIDER, STRANGER, who

HEADQUARTERS, CITY, DISTRICT = "R00020", "5103", "510302"
PERIOD = (date(2026, 10, 16), date(2026, 10, 31))
FIGURES: Mapping[str, Any] = {"closed": 12, "rate": "0.9071", "units": ["D-CGJ"]}


def a_draft(session: Session, *, by: Actor, area: str = CITY, **other: Any) -> Publication:
    given = {"kind": PublicationKind.HALF_MONTH, "content": FIGURES, "area_code": area, **other}
    return publications.draft(session, period_from=PERIOD[0], period_to=PERIOD[1], by=by, now=MONDAY, **given)


def an_approved(session: Session) -> Publication:
    row = a_draft(session, by=who(session, OFFICE))
    by = who(session, HEADQUARTERS)
    return publications.approve(session, row.id or 0, by=by, seen=row.content_sha256, now=MONDAY)


def a_published(session: Session) -> Publication:
    row = an_approved(session)
    by = who(session, OFFICE)
    return publications.publish(session, row.id or 0, by=by, seen=row.content_sha256, now=MONDAY)


def test_it_goes_from_draft_over_approval_to_publication_and_every_act_is_on_record(city: Session) -> None:
    row = a_published(city)

    assert row.state is PublicationState.PUBLISHED
    assert row.published_at == MONDAY
    acts = [(one.act, one.who, one.content_sha256) for one in publications.history(city, row.id or 0)]
    assert acts == [
        (PublicationAct.DRAFTED, OFFICE, content_hash(FIGURES)),
        (PublicationAct.APPROVED, HEADQUARTERS, content_hash(FIGURES)),
        (PublicationAct.PUBLISHED, OFFICE, content_hash(FIGURES)),
    ]


def test_a_flow_that_drafts_twice_makes_one(city: Session) -> None:
    first = a_draft(city, by=SYSTEM)

    assert a_draft(city, by=SYSTEM, content={"closed": 99}).id == first.id
    assert first.content == dict(FIGURES)


def test_another_subject_edition_or_area_is_another_draft(city: Session) -> None:
    office = who(city, OFFICE)
    rows = [
        a_draft(city, by=office),
        a_draft(city, by=office, subject="R-1"),
        a_draft(city, by=office, edition=2),
        a_draft(city, by=office, area=DISTRICT),
    ]

    assert len({row.id for row in rows}) == 4


def test_whoever_wrote_or_changed_a_draft_last_does_not_approve_it(city: Session) -> None:
    office, other = who(city, OFFICE), who(city, HEADQUARTERS)
    row = a_draft(city, by=SYSTEM)
    publications.change(
        city, row.id or 0, content={"closed": 13}, by=office, seen=row.content_sha256, now=MONDAY, why="更正"
    )

    with pytest.raises(OwnDraft):
        publications.approve(city, row.id or 0, by=office, seen=row.content_sha256, now=MONDAY)
    assert publications.approve(city, row.id or 0, by=other, seen=row.content_sha256, now=MONDAY).state == "approved"


def test_what_changed_since_it_was_looked_at_is_not_approved(city: Session) -> None:
    row = a_draft(city, by=SYSTEM)
    seen = row.content_sha256
    publications.change(city, row.id or 0, content={"closed": 13}, by=who(city, OFFICE), seen=seen, now=MONDAY)

    with pytest.raises(DraftChanged):
        publications.approve(city, row.id or 0, by=who(city, HEADQUARTERS), seen=seen, now=MONDAY)


def test_an_approved_one_goes_back_to_a_draft_with_a_reason(city: Session) -> None:
    row = an_approved(city)
    by = who(city, HEADQUARTERS)
    publications.send_back(city, row.id or 0, by=by, seen=row.content_sha256, now=MONDAY, why="数据有误")

    assert row.state is PublicationState.DRAFT
    assert publications.history(city, row.id or 0)[-1].why == "数据有误"


def test_what_was_withdrawn_may_be_drafted_anew(city: Session) -> None:
    row = a_draft(city, by=SYSTEM)
    by = who(city, OFFICE)
    publications.withdraw(city, row.id or 0, by=by, seen=row.content_sha256, now=MONDAY, why="重做")

    assert a_draft(city, by=SYSTEM).id != row.id


POSSIBLE = {
    (PublicationAct.CHANGED, "draft"),
    (PublicationAct.APPROVED, "draft"),
    (PublicationAct.WITHDRAWN, "draft"),
    (PublicationAct.SENT_BACK, "approved"),
    (PublicationAct.PUBLISHED, "approved"),
    (PublicationAct.WITHDRAWN, "approved"),
}
ACTS: Mapping[PublicationAct, Callable[[Session, Publication], object]] = {
    PublicationAct.CHANGED: lambda s, row: publications.change(
        s, row.id or 0, content={"closed": 1}, by=who(s, OFFICE), seen=row.content_sha256, now=MONDAY
    ),
    PublicationAct.APPROVED: lambda s, row: publications.approve(
        s, row.id or 0, by=who(s, HEADQUARTERS), seen=row.content_sha256, now=MONDAY
    ),
    PublicationAct.SENT_BACK: lambda s, row: publications.send_back(
        s, row.id or 0, by=who(s, HEADQUARTERS), seen=row.content_sha256, now=MONDAY, why="-"
    ),
    PublicationAct.PUBLISHED: lambda s, row: publications.publish(
        s, row.id or 0, by=who(s, OFFICE), seen=row.content_sha256, now=MONDAY
    ),
    PublicationAct.WITHDRAWN: lambda s, row: publications.withdraw(
        s, row.id or 0, by=who(s, OFFICE), seen=row.content_sha256, now=MONDAY, why="-"
    ),
}


def in_state(session: Session, state: str) -> Publication:
    if state == "published":
        return a_published(session)
    row = an_approved(session) if state == "approved" else a_draft(session, by=who(session, OFFICE))
    if state == "withdrawn":
        ACTS[PublicationAct.WITHDRAWN](session, row)
    return row


@pytest.mark.parametrize("state", [state.value for state in PublicationState])
@pytest.mark.parametrize("act", ACTS)
def test_each_act_is_possible_from_its_states_alone(city: Session, act: PublicationAct, state: str) -> None:
    row = in_state(city, state)

    if (act, state) in POSSIBLE:
        ACTS[act](city, row)
        assert publications.history(city, row.id or 0)[-1].act is act
    else:
        with pytest.raises(ActionNotPossible):
            ACTS[act](city, row)


@pytest.mark.parametrize("person", [HANDLER, OUTSIDER, STRANGER, DISTRICT_OFFICE, HEADQUARTERS])
def test_who_has_no_right_over_the_city_does_not_draft_for_it(city: Session, person: str) -> None:
    with pytest.raises(ActionNotAllowed):
        a_draft(city, by=who(city, person))


def test_a_district_drafts_for_itself_and_not_for_the_other(city: Session) -> None:
    assert a_draft(city, by=who(city, DISTRICT_OFFICE), area=DISTRICT).area_code == DISTRICT
    with pytest.raises(ActionNotAllowed):
        a_draft(city, by=who(city, OUTSIDER), area=DISTRICT)


def test_the_machine_drafts_and_never_approves_or_publishes(city: Session) -> None:
    row = a_draft(city, by=SYSTEM)
    for act in (publications.approve, publications.publish):
        with pytest.raises(ActionNotAllowed):
            act(city, row.id or 0, by=SYSTEM, seen=row.content_sha256, now=MONDAY)


def test_an_area_or_a_publication_that_is_not_there_is_said(city: Session) -> None:
    with pytest.raises(NotFound):
        a_draft(city, by=SYSTEM, area="999999")
    with pytest.raises(NotFound):
        publications.publish(city, 12345, by=who(city, OFFICE), seen="", now=MONDAY)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE publication SET content = '{}' WHERE id = :id",
        "UPDATE publication SET state = 'draft' WHERE id = :id",
        "UPDATE publication SET published_at = now() WHERE id = :id",
        "DELETE FROM publication WHERE id = :id",
        "TRUNCATE publication CASCADE",
        "UPDATE publication_event SET who = 'R00002' WHERE publication_id = :id",
        "DELETE FROM publication_event WHERE publication_id = :id",
    ],
)
def test_the_database_itself_refuses_to_change_what_was_published(city: Session, statement: str) -> None:
    row = a_published(city)

    with pytest.raises(DBAPIError, match="is refused"), city.begin_nested():
        city.connection().execute(text(statement), {"id": row.id})


def test_the_content_of_what_is_approved_cannot_change_behind_the_approval(city: Session) -> None:
    row = an_approved(city)

    with pytest.raises(DBAPIError, match="is refused"), city.begin_nested():
        city.connection().execute(text("UPDATE publication SET formula = 'other' WHERE id = :id"), {"id": row.id})


def test_the_kind_and_period_of_a_draft_never_change(city: Session) -> None:
    row = a_draft(city, by=SYSTEM)

    with pytest.raises(DBAPIError, match="is refused"), city.begin_nested():
        city.connection().execute(
            text("UPDATE publication SET period_to = '2026-11-01' WHERE id = :id"), {"id": row.id}
        )
