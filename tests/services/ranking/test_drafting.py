"""The month's appraisal on its way: who drafts, approves, publishes; what was published never changes."""

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from models.errors import ActionNotAllowed, MissingInput, WrongValue
from models.rights import SYSTEM
from services import issues, publications
from services.publications import DraftChanged, OwnDraft
from services.ranking import acting, appeals, drafting
from services.ranking.errors import AppealsUndecided, NotOver, WindowOpen
from services.ranking.live import live
from services.ranking.months import Month
from services.ranking.view import MonthAct, MonthStanding, month_view, months
from services.scores import formula
from tests.cast import DEPUTY, DISTRICT_OFFICE, HANDLER, OFFICE, PHOTO, an_issue, at, who
from tests.services.ranking.desk import (
    AFTER,
    CITY,
    DRAFTED,
    FOUND,
    HEADQUARTERS,
    LAST_MINUTE,
    OCTOBER,
    PLEADED,
    WITHIN,
    appealed,
    approved,
    decided,
    drafted,
    line,
    number_of,
    october,
    table,
)

DISTRICT = "510302"
BOTH = (CITY, DISTRICT)


def do(session: Session, what: MonthAct, *, by: str = OFFICE, now=AFTER, why: str = "") -> None:
    row = drafting.must_find(session, OCTOBER, area_code=CITY)
    acting.act(
        session,
        what,
        month=OCTOBER,
        area_code=CITY,
        by=who(session, by, now=now),
        now=now,
        seen=row.content_sha256,
        why=why,
    )
    session.commit()


def standing(session: Session, *, by: str = OFFICE, now=AFTER) -> MonthStanding:
    return month_view(session, OCTOBER, reader=who(session, by, now=now), now=now).standing


def test_a_month_is_drafted_once_it_is_over_and_once_only(city):
    october(city)
    with pytest.raises(NotOver, match="2026-11-01"):
        drafting.draft(city, month=OCTOBER, area_code=CITY, by=SYSTEM, now=at("2026-10-31 23:59"))
    first = drafting.draft(city, month=OCTOBER, area_code=CITY, by=SYSTEM, now=at("2026-11-01 00:00"))
    assert drafting.draft(city, month=OCTOBER, area_code=CITY, by=SYSTEM, now=DRAFTED).id == first.id


def test_the_timer_drafts_the_month_before_its_day_once_for_the_whole_city(city):
    october(city)
    now = at("2026-11-03 08:14")
    first = drafting.draft_before(city, date(2026, 11, 3), by=SYSTEM, now=now)
    again = drafting.draft_before(city, date(2026, 11, 3), by=SYSTEM, now=now)
    assert (first.id, first.area_code, first.period_from) == (again.id, CITY, date(2026, 10, 1))
    assert publications.history(city, first.id)[0].who == "system"


def test_the_window_counts_the_citys_working_days(city):
    october(city)
    holiday = at("2026-11-06 16:00")  # Friday: Monday, Tuesday, Wednesday
    row = drafting.draft(city, month=OCTOBER, area_code=CITY, by=SYSTEM, now=holiday)
    assert row.content["appeals_until"].startswith("2026-11-11T09:00")


def test_the_draft_is_approved_only_after_the_window_and_with_every_appeal_decided(city):
    _, _, key = october(city)
    drafted(city)
    with pytest.raises(WindowOpen, match="2026-11-05 17:00"):
        approved(city, now=LAST_MINUTE)
    row = appealed(city, key)
    with pytest.raises(AppealsUndecided, match=r"^1 "):
        approved(city)
    city.rollback()
    decided(city, row, "refused")
    assert approved(city).state == "approved"


def test_whoever_drafted_does_not_approve_though_an_appeal_changed_it_since(city):
    _, _, key = october(city)
    drafted(city)
    decided(city, appealed(city, key), "upheld")
    with pytest.raises(OwnDraft):
        approved(city, by=OFFICE)
    city.rollback()
    assert approved(city, by=HEADQUARTERS).state == "approved"


def test_published_figures_stay_whatever_happens_to_issues_and_rules_later(city):
    _, _, key = october(city)
    drafted(city)
    approved(city)
    do(city, MonthAct.PUBLISH)
    before = table(city)
    by = who(city, HANDLER, now=AFTER)
    issues.submit(city, issue_ids=[key], by=by, now=AFTER, result="已清理", evidence=[PHOTO])
    an_issue(city, state="closed", now=FOUND)
    city.commit()

    assert table(city) == before
    assert standing(city) is MonthStanding.PUBLISHED
    with pytest.raises(DBAPIError, match="is refused"):
        city.connection().execute(text("UPDATE publication SET content = '{}'"))


def test_who_looked_at_another_draft_decides_nothing(city):
    october(city)
    row = drafted(city)
    seen = row.content_sha256
    an_issue(city, state="closed", now=FOUND)
    city.commit()
    drafting.compute_again(city, row, by=who(city, OFFICE), seen=seen, now=DRAFTED)
    with pytest.raises(DraftChanged):
        drafting.approve(city, row, by=who(city, HEADQUARTERS, now=AFTER), seen=seen, now=AFTER)


def test_computing_again_takes_the_figures_of_today_and_leaves_the_window(city):
    october(city)
    row = drafted(city)
    an_issue(city, state="closed", now=FOUND)
    do(city, MonthAct.AGAIN, now=DRAFTED)
    assert line(city).cases == 4
    assert table(city).appeals_until == row.content["appeals_until"]


def test_a_withdrawn_draft_may_be_drafted_anew_and_its_appeals_stay(city):
    _, _, key = october(city)
    drafted(city)
    appeal = appealed(city, key)
    do(city, MonthAct.WITHDRAW, why="数据有误", now=DRAFTED)
    assert standing(city) is MonthStanding.LIVE
    drafted(city)
    decided(city, appeal, "upheld")
    assert line(city).left_out


@pytest.mark.parametrize("act", [MonthAct.WITHDRAW, MonthAct.BACK])
def test_taking_back_needs_a_reason(city, act):
    october(city)
    drafted(city)
    with pytest.raises(MissingInput):
        do(city, act, why="  ", by=HEADQUARTERS)


def test_a_corrected_edition_leaves_what_was_published_and_is_seen_by_those_who_work_on_it(city):
    october(city)
    drafted(city)
    approved(city)
    do(city, MonthAct.PUBLISH)
    an_issue(city, state="closed", now=FOUND)
    do(city, MonthAct.CORRECT)

    asked = {"reader": who(city, OFFICE, now=AFTER), "now": AFTER}
    shown, draft = (month_view(city, OCTOBER, draft=wanted, **asked) for wanted in (False, True))
    assert (shown.standing, shown.publication.edition, shown.other) == (MonthStanding.PUBLISHED, 1, True)
    assert (draft.standing, draft.publication.edition, draft.other) == (MonthStanding.DRAFT, 2, True)
    assert [draft.table.row("D-CGJ").cases, shown.table.row("D-CGJ").cases] == [4, 3]
    outsider = month_view(city, OCTOBER, draft=True, reader=who(city, "R00002", now=AFTER), now=AFTER)
    assert outsider.standing is MonthStanding.PUBLISHED


def test_another_formula_counts_only_for_the_next_draft(city):
    october(city)
    row = drafted(city)
    document = dict(city.get_one(formula.ScoringVersion, row.formula).content)
    document["appraisal"] = {**document["appraisal"], "weights": {"disposal": 100}}
    formula.the_city(city).scoring_code = formula.keep(city, document, now=DRAFTED)
    do(city, MonthAct.AGAIN, now=DRAFTED)
    assert drafting.must_find(city, OCTOBER, area_code=CITY).formula == row.formula
    do(city, MonthAct.WITHDRAW, why="口径调整", now=DRAFTED)
    assert drafted(city).formula != row.formula


def test_only_offices_draft(city):
    october(city)
    for person in (HEADQUARTERS, "R00005", "R00008", "R00030"):
        with pytest.raises(ActionNotAllowed):
            drafting.draft(city, month=OCTOBER, area_code=CITY, by=who(city, person), now=DRAFTED)


def test_a_district_ranks_its_own_and_decides_nothing_for_the_city(city):
    an_issue(city, state="closed", now=FOUND)
    an_issue(city, state="closed", now=FOUND, point="P-0003")
    city.commit()
    office = who(city, "R00010", now=DRAFTED)
    row = drafting.draft(city, month=OCTOBER, area_code="510302", by=office, now=DRAFTED)
    assert set(row.content["cases"]) == {"D-CGJ"}
    assert not month_view(city, OCTOBER, reader=office, now=DRAFTED).publication


def test_months_are_told_with_where_they_stand(city):
    october(city)
    drafted(city)
    told = [(str(one.month), one.standing.value) for one in months(city, now=DRAFTED)]
    assert told == [("2026-11", "live"), ("2026-10", "draft")]


@pytest.mark.parametrize("written", ["2026-13", "2026-00", "26-10", "", "2026-10-01", "２０２６-10", "2026-10\n"])
def test_what_is_no_month_is_told(written):
    with pytest.raises(WrongValue):
        Month.parse(written)


def test_months_follow_each_other_over_the_new_year():
    december = Month(2026, 12)
    assert (december.after, december.after.before) == (Month(2027, 1), december)
    assert (str(Month(2024, 2).first), str(Month(2024, 2).last)) == ("2024-02-01", "2024-02-29")


def test_a_district_takes_nothing_out_of_the_citys_figures_but_the_city_out_of_the_districts(city):
    first, second, _ = october(city)
    office = who(city, DISTRICT_OFFICE, now=DRAFTED)
    drafting.draft(city, month=OCTOBER, area_code=DISTRICT, by=office, now=DRAFTED)
    drafted(city)
    for key, area, decider in ((first, DISTRICT, DISTRICT_OFFICE), (second, CITY, HEADQUARTERS)):
        row = appeals.appeal(
            city,
            number_of(city, key),
            month=OCTOBER,
            area_code=area,
            pleaded=PLEADED,
            by=who(city, DEPUTY, now=WITHIN),
            now=WITHIN,
        )
        decided(city, row, "upheld", by=decider)

    left = {area: live(city, month=OCTOBER, area_code=area, now=AFTER).field.scores["D-CGJ"].left_out for area in BOTH}
    assert left == {CITY: (second,), DISTRICT: (first, second)}
