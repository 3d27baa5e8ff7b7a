"""Material is handed in by its unit and reviewed by somebody independent; all of it is on record."""

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select, text

from models.errors import ActionNotAllowed, MissingInput, NotFound
from models.filing import FilingFile, FilingState
from models.message import Message
from services.filing import handing_in
from services.filing.errors import FilingNotPossible, MaterialChanged, NoFile, NotTheReviewer, OwnMaterial
from tests.cast import DISTRICT_VERIFIER, HANDLER, MONDAY, OFFICE, OUTSIDER, VERIFIER, at, who
from tests.services.filing.cabinet import DUE, accept, acts, an_item, give_back, hand_in, item_of


def test_its_files_stay_with_what_was_handed_in(city: Session) -> None:
    item = an_item(city)

    hand_in(city, item, note="含影像")

    (file,) = city.exec(select(FilingFile)).all()
    assert (file.name, file.media_type) == ("台账.pdf", "application/pdf")
    assert item_of(city, item).state == FilingState.SUBMITTED


def test_from_missing_through_a_return_to_accepted(city: Session) -> None:
    item = an_item(city)
    hand_in(city, item)
    give_back(city, item)
    hand_in(city, item, now=at("2026-11-03 10:00"))
    accept(city, item)

    assert acts(city, item) == [
        ("submitted", HANDLER),
        ("returned", VERIFIER),
        ("submitted", HANDLER),
        ("accepted", VERIFIER),
    ]


def test_the_same_form_sent_twice_is_handed_in_once(city: Session) -> None:
    item = an_item(city)
    hand_in(city, item, key="page/1")
    hand_in(city, item, key="page/1")

    assert acts(city, item) == [("submitted", HANDLER)]


@pytest.mark.parametrize(("when", "late"), [(DUE, False), ("2026-11-20 17:01", True)])
def test_late_is_after_the_close_of_business_of_its_day(city: Session, when: str, late: bool) -> None:
    item = an_item(city)
    hand_in(city, item, now=at(when))

    assert item_of(city, item).late is late


def test_nobody_hands_in_for_another_unit(city: Session) -> None:
    item = an_item(city)

    for stranger in (OUTSIDER, OFFICE, VERIFIER):
        with pytest.raises(ActionNotAllowed):
            hand_in(city, item, by=stranger)


def test_it_takes_a_file_that_is_ones_own(city: Session) -> None:
    item, by = an_item(city), who(city, HANDLER)

    with pytest.raises(NoFile):
        handing_in.submit(city, item, keys=[], by=by, now=MONDAY)
    with pytest.raises(NotFound):
        handing_in.submit(city, item, keys=["upload-of-nobody-0123456789"], by=by, now=MONDAY)


def test_only_what_was_handed_in_is_reviewed(city: Session) -> None:
    item = an_item(city)

    with pytest.raises(FilingNotPossible):
        accept(city, item)
    hand_in(city, item)
    accept(city, item)
    with pytest.raises(FilingNotPossible):
        hand_in(city, item, now=at("2026-11-03 10:00"))


def test_the_list_may_name_who_reviews(city: Session) -> None:
    item = an_item(city, reviewer="R00021")
    hand_in(city, item)

    with pytest.raises(NotTheReviewer):
        accept(city, item)


@pytest.mark.parametrize("by", [HANDLER, OFFICE, OUTSIDER, DISTRICT_VERIFIER])
def test_only_a_verifier_over_the_place_of_the_unit_reviews(city: Session, by: str) -> None:
    item = an_item(city)
    hand_in(city, item)

    with pytest.raises(ActionNotAllowed):
        accept(city, item, by=by)


def test_whoever_handed_it_in_does_not_review_it(city: Session) -> None:
    item = an_item(city)
    hand_in(city, item)
    item_of(city, item).submitted_by = VERIFIER
    city.flush()

    with pytest.raises(OwnMaterial):
        accept(city, item)


def test_a_return_says_why(city: Session) -> None:
    item = an_item(city)
    hand_in(city, item)

    with pytest.raises(MissingInput):
        give_back(city, item, why=" ")


def test_a_page_that_is_old_decides_nothing(city: Session) -> None:
    item = an_item(city)
    seen = hand_in(city, item).version
    hand_in(city, item, now=at("2026-11-03 10:00"))

    with pytest.raises(MaterialChanged):
        handing_in.accept(city, item, by=who(city, VERIFIER), now=MONDAY, version=seen)


@pytest.mark.parametrize("table", ["filing_event", "filing_file"])
def test_the_record_is_append_only(city: Session, table: str) -> None:
    hand_in(city, an_item(city))

    with pytest.raises(DBAPIError, match="append-only"):
        city.exec(text(f"DELETE FROM {table}"))


def told(session: Session, kind: str) -> list[tuple[str | None, str | None]]:
    query = select(Message).where(Message.kind == kind).order_by(Message.id)
    return [(one.post_code, one.person_code) for one in session.exec(query)]


def test_who_reviews_hears_of_it_and_who_handed_in_of_its_return(city: Session) -> None:
    item, named = an_item(city), an_item(city, "F-2", reviewer=VERIFIER)
    street = an_item(city, "F-3", unit_code="T510302001")
    hand_in(city, item)
    hand_in(city, named, now=at("2026-11-03 10:00"))
    hand_in(city, street, by="R00015", now=at("2026-11-04 10:00"))
    give_back(city, item)

    assert told(city, "material_submitted") == [("5103:verifier", None), (None, VERIFIER), ("510302:verifier", None)]
    assert told(city, "material_returned") == [(None, HANDLER)]
