"""The draft of a bulletin: which period, what stands in it, made once; counted again it is counted anew."""

from datetime import date

import pytest
from sqlmodel import Session, col, select

from models.errors import ActionNotAllowed, ActionNotPossible, NotFound, WrongValue
from models.message import Message
from models.publication import Publication, PublicationEvent, PublicationKind, PublicationState
from models.rights import SYSTEM
from services.bulletins.drafting import count_again, draft
from services.bulletins.editing import edit
from services.bulletins.periods import numbered, period_before
from services.publications import DraftChanged, withdraw
from tests.cast import DISTRICT_OFFICE, HANDLER, OFFICE, an_issue, at, read, who
from tests.services.bulletins.desk import (
    HALF_MONTH,
    MONDAY,
    MORNING,
    a_half_month,
    approved,
    drafted,
    published,
)
from tests.small_city import a_city

WEEKLY, MONTHLY = PublicationKind.WEEKLY, PublicationKind.MONTHLY


@pytest.fixture
def city(session: Session) -> Session:
    a_city(session)
    a_half_month(session)
    return session


@pytest.mark.parametrize(
    ("kind", "on", "first", "last", "number"),
    [
        (HALF_MONTH, "2026-11-16", "2026-11-01", "2026-11-15", (2026, 21)),
        (HALF_MONTH, "2026-11-30", "2026-11-01", "2026-11-15", (2026, 21)),
        (HALF_MONTH, "2026-12-01", "2026-11-16", "2026-11-30", (2026, 22)),
        (HALF_MONTH, "2027-01-15", "2026-12-16", "2026-12-31", (2026, 24)),
        (HALF_MONTH, "2028-03-01", "2028-02-16", "2028-02-29", (2028, 4)),
        (WEEKLY, "2026-11-16", "2026-11-09", "2026-11-15", (2026, 46)),
        (WEEKLY, "2026-11-22", "2026-11-09", "2026-11-15", (2026, 46)),
        (WEEKLY, "2027-01-04", "2026-12-28", "2027-01-03", (2026, 53)),
        (MONTHLY, "2026-12-03", "2026-11-01", "2026-11-30", (2026, 11)),
        (MONTHLY, "2027-01-31", "2026-12-01", "2026-12-31", (2026, 12)),
    ],
)
def test_the_period_is_the_one_that_ended_last(
    kind: PublicationKind, on: str, first: str, last: str, number: tuple[int, int]
) -> None:
    period = period_before(kind, date.fromisoformat(on))
    assert period == (date.fromisoformat(first), date.fromisoformat(last))
    assert numbered(kind, period) == number


def test_it_holds_the_totals_the_units_and_the_last_of_each_group(city: Session) -> None:
    row = drafted(city)
    seen = row.content
    assert (row.state, row.formula, seen["formula"]) == (PublicationState.DRAFT, "9f-1", "9f-1")
    assert (seen["total"]["due"], seen["total"]["closed"], seen["total"]["rectification_rate"]) == (2, 1, "0.5000")
    assert seen["bottom"] == [{"code": "T510302001", "name": "五星街街道办事处"}]
    assert [(one["unit_code"], one["rank"], one["rectification_rate"]) for one in seen["units"]] == [
        ("D-CGJ", 1, "1.0000"),
        ("T510302001", 2, "0.0000"),
    ]


def test_it_holds_what_stands_beside_the_figures(city: Session) -> None:
    seen, late = drafted(city).content, read(city, 2)
    assert {one["day"]: (one["found"], one["closed"]) for one in seen["days"] if one["found"]} == {"2026-11-02": (2, 1)}
    assert len(seen["days"]) == 15
    assert [(one["code"], one["found"]) for one in seen["categories"]] == [("01", 1), ("12", 1)]
    assert [(one["name"], one["due"], one["closed"], one["overdue_open"]) for one in seen["areas"]] == [
        ("自流井区", 2, 1, 1)
    ]
    assert (seen["late"], [(one["number"], one["about"], one["days"]) for one in seen["worst"]]) == (
        1,
        [(late.number, "垃圾桶满溢", 10)],
    )
    assert [(one["code"], one["sponsor"], one["found"], one["closed"], one["open"]) for one in seen["sponsored"]] == [
        ("P-0001", "钱怀瑾", 1, 1, 0)
    ]


def test_its_texts_say_what_the_figures_say(city: Session) -> None:
    texts = drafted(city).content["texts"]
    assert texts["lead"] == (
        "2026年11月1日至11月15日，全市共交办问题2件；到期应办结2件，已销号1件，整改率50.0%，按期整改率50.0%；"
        "期末逾期未结1件。"
    )
    assert texts["praised"].startswith("自贡市城市管理局到期问题全部按期整改销号")
    assert texts["criticised"].startswith("五星街街道办事处整改率在本组排名靠后")


def test_it_is_drafted_once_and_stays_what_it_was(city: Session) -> None:
    first = drafted(city)
    an_issue(city, state="rectifying", now=MONDAY)
    again = draft(city, HALF_MONTH, on=date(2026, 11, 20), by=SYSTEM, now=at("2026-11-20 08:10"))
    assert (again.publication.id, again.repeated, again.publication.content["total"]["due"]) == (first.id, True, 2)
    assert len(city.exec(select(Publication)).all()) == 1


def test_counted_again_it_shows_how_things_stand_and_keeps_its_texts(city: Session) -> None:
    row = drafted(city)
    row = edit(city, row, texts={"lead": "我们的话"}, by=who(city, OFFICE), seen=row.content_sha256, now=MORNING)
    an_issue(city, state="rectifying", now=MONDAY)
    again = count_again(city, row, by=who(city, OFFICE), seen=row.content_sha256, now=MORNING)
    assert (again.content["total"]["due"], again.content["texts"]["lead"]) == (3, "我们的话")


def test_a_draft_that_somebody_else_changed_is_not_counted_again_unseen(city: Session) -> None:
    row = drafted(city)
    seen = row.content_sha256
    edit(city, row, texts={"lead": "另一人改过"}, by=who(city, OFFICE), seen=seen, now=MORNING)
    with pytest.raises(DraftChanged):
        count_again(city, row, by=who(city, OFFICE), seen=seen, now=MORNING)


def test_what_is_approved_is_not_counted_again(city: Session) -> None:
    row = approved(city)
    with pytest.raises(ActionNotPossible):
        count_again(city, row, by=who(city, OFFICE), seen=row.content_sha256, now=MORNING)


def test_texts_that_stay_as_they_are_leave_nothing_on_record(city: Session) -> None:
    row = drafted(city)
    before = len(city.exec(select(PublicationEvent)).all())
    edit(city, row, texts=dict(row.content["texts"]), by=who(city, OFFICE), seen=row.content_sha256, now=MORNING)
    assert len(city.exec(select(PublicationEvent)).all()) == before


def test_a_text_that_is_none_of_a_bulletin_or_too_long_is_refused(city: Session) -> None:
    row = drafted(city)
    for texts in ({"title": "x"}, {"lead": "长" * 2001}):
        with pytest.raises(WrongValue):
            edit(city, row, texts=texts, by=who(city, OFFICE), seen=row.content_sha256, now=MORNING)


def test_a_withdrawn_one_is_drafted_anew(city: Session) -> None:
    row = drafted(city)
    withdraw(city, row.id or 0, by=who(city, OFFICE), seen=row.content_sha256, now=MORNING, why="数据有误")
    assert drafted(city).id != row.id


def test_a_published_one_is_corrected_by_the_next_edition(city: Session) -> None:
    first = published(city)
    made = draft(city, HALF_MONTH, on=date(2026, 11, 16), by=who(city, OFFICE), now=MORNING, corrects=True)
    again = draft(city, HALF_MONTH, on=date(2026, 11, 16), by=who(city, OFFICE), now=MORNING, corrects=True)
    assert (first.edition, made.publication.edition, made.repeated) == (1, 2, False)
    assert (again.publication.id, again.repeated) == (made.publication.id, True)


def test_there_is_nothing_to_correct_before_one_is_there(city: Session) -> None:
    with pytest.raises(ActionNotPossible):
        draft(city, HALF_MONTH, on=date(2026, 11, 16), by=who(city, OFFICE), now=MORNING, corrects=True)


def test_a_district_has_its_own_with_what_lies_in_it(city: Session) -> None:
    an_issue(city, state="rectifying", now=MONDAY, point="P-0003")
    by = who(city, DISTRICT_OFFICE)
    row = draft(city, HALF_MONTH, on=date(2026, 11, 16), by=by, now=MORNING, area="510302").publication
    assert (row.content["area"], row.content["total"]["due"]) == ("自流井区", 2)
    assert [one["name"] for one in row.content["areas"]] == ["五星街街道"]
    assert drafted(city).content["total"]["due"] == 3


@pytest.mark.parametrize(("who_drafts", "area"), [(HANDLER, ""), (DISTRICT_OFFICE, ""), (DISTRICT_OFFICE, "510303")])
def test_only_the_office_of_the_place_drafts(city: Session, who_drafts: str, area: str) -> None:
    with pytest.raises(ActionNotAllowed):
        draft(city, HALF_MONTH, on=date(2026, 11, 16), by=who(city, who_drafts), now=MORNING, area=area)


@pytest.mark.parametrize("area", ["none", "\x00"])
def test_an_area_that_is_none_is_refused(city: Session, area: str) -> None:
    with pytest.raises(NotFound):
        draft(city, HALF_MONTH, on=date(2026, 11, 16), by=SYSTEM, now=MORNING, area=area)


@pytest.mark.parametrize("on", [date(2026, 12, 1), date(1, 1, 1)])
def test_a_day_that_has_not_come_or_is_before_all_days_is_refused(city: Session, on: date) -> None:
    with pytest.raises(WrongValue):
        drafted(city, on=on)


def test_a_quiet_half_month_is_drafted_too(session: Session) -> None:
    a_city(session)
    seen = drafted(session).content
    assert (seen["units"], seen["bottom"], seen["total"]["rectification_rate"], seen["worst"]) == ([], [], None, [])
    assert seen["texts"]["lead"] == "2026年11月1日至11月15日，全市共交办问题0件，无到期应办结问题。"


def test_the_office_and_the_headquarters_hear_of_the_draft(city: Session) -> None:
    row = drafted(city)
    told = city.exec(select(Message).where(Message.kind == "publication_waits").order_by(col(Message.id))).all()
    assert [(m.post_code, m.facts["act"], m.facts["page"]) for m in told] == [
        ("5103:office", "drafted", f"/bulletins/{row.id}"),
        ("5103:headquarters", "drafted", f"/bulletins/{row.id}"),
    ]
