"""A bulletin beside the one before: differences of what is printed, none across versions of the formulae."""

from sqlalchemy import text
from sqlmodel import Session

from services.bulletins.comparing import compared
from tests.cast import an_issue, at
from tests.services.bulletins.desk import MORNING, a_half_month, drafted, published
from tests.small_city import a_city

NEXT = at("2026-12-01 08:10")
LATER = at("2026-11-17 10:00")


def two(session: Session) -> tuple[int, dict]:
    """The id of a published half month, and what the next one says of it."""
    a_city(session)
    a_half_month(session)
    before = published(session, now=MORNING)
    for _ in range(3):
        an_issue(session, state="closed", now=LATER)
    return before.id or 0, drafted(session, now=NEXT).content


def test_it_says_what_went_up_and_down(session: Session) -> None:
    key, content = two(session)
    previous = content["previous"]
    assert (previous["id"], previous["from"], previous["to"]) == (key, "2026-11-01", "2026-11-15")
    assert previous["differences"] == {
        "assigned": 1,
        "to_close": 1,
        "closed": 2,
        "overdue_open": -1,
        "rectification_rate": "+50.0",
        "on_time_rate": "+50.0",
        "rework_rate": "+0.0",
        "overdue_open_rate": "-50.0",
    }
    assert previous["ranks"] == {"D-CGJ": 1, "T510302001": 2}
    assert content["texts"]["lead"].endswith("整改率较上期上升50.0个百分点。")


def test_figures_of_another_formula_are_not_compared(session: Session) -> None:
    a_city(session)
    a_half_month(session)
    before = published(session)
    session.commit()
    assert compared(before, before.content["total"], formula="9f-2")["differences"] is None  # type: ignore[index]
    assert compared(before, before.content["total"], formula="9f-2")["ranks"] == {}  # type: ignore[index]
    assert compared(before, before.content["total"], formula="9f-1")["differences"] is not None  # type: ignore[index]


def test_a_draft_is_nothing_to_compare_with(session: Session) -> None:
    a_city(session)
    a_half_month(session)
    drafted(session)
    assert drafted(session, now=NEXT).content["previous"] is None


def test_a_rate_that_one_of_both_has_not_has_no_difference(session: Session) -> None:
    a_city(session)
    published(session)
    an_issue(session, state="closed", now=LATER)
    content = drafted(session, now=NEXT).content
    assert content["previous"]["differences"]["rectification_rate"] is None
    assert "较上期" not in content["texts"]["lead"]
    assert session.connection().execute(text("SELECT count(*) FROM publication")).scalar_one() == 2
