"""Hotspots: where issues gather, above the numbers of the city's policy."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from models.standard import Standard
from services import issues
from services.filters import Scope
from services.hotspots import Gathers, Hot, Thresholds, hotspots
from tests.cast import MONDAY, OFFICE, an_issue, who

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Numbers that a small city reaches."""
    least = {Gathers.FAULT: 2, Gathers.POINT: 3, Gathers.STREET: 4, Gathers.STANDARD: 4}
    monkeypatch.setattr("services.hotspots.thresholds", lambda _: Thresholds(60, least))


def hot(session: Session, **how) -> dict[Gathers, list[Hot]]:
    return {kind: list(found) for kind, found in hotspots(session, now=MONDAY, **how).items()}


def counted(session: Session, **how) -> list[tuple[str, str | None, str | None, str | None, int, int]]:
    return [
        (kind.value, one.point, one.standard, one.street, one.found, one.open)
        for kind, found in hot(session, **how).items()
        for one in found
    ]


def test_below_the_numbers_there_is_none(city: Session) -> None:
    an_issue(city)
    an_issue(city, standard="01-02")

    assert counted(city) == []


def test_each_kind_has_its_own_number(city: Session) -> None:
    for standard in ("01-01", "01-01", "01-02"):
        an_issue(city, standard=standard)
    an_issue(city, point="P-0002", standard="12-01")

    assert counted(city) == [
        ("fault", "P-0001", "01-01", None, 2, 2),
        ("point", "P-0001", None, None, 3, 3),
        ("street", None, None, "510302001", 4, 4),
    ]


def test_a_standard_gathers_over_all_streets(city: Session) -> None:
    for point in ("P-0001", "P-0001", "P-0003", "P-0003"):
        an_issue(city, point=point)

    assert ("standard", None, "01-01", None, 4, 4) in counted(city)
    assert hot(city)[Gathers.STANDARD][0].about == "200米内≥1处公益广告"


def test_what_is_older_than_the_days_or_dropped_does_not_count(city: Session) -> None:
    an_issue(city, now=MONDAY - 61 * DAY)
    an_issue(city, state="closed", now=MONDAY - 59 * DAY)
    dropped = an_issue(city)
    issues.void(city, issue_ids=[dropped], by=who(city, OFFICE), now=MONDAY, reason="误报")
    assert counted(city) == []
    an_issue(city)

    assert counted(city) == [("fault", "P-0001", "01-01", None, 2, 1)]


def test_one_sees_those_of_the_places_one_answers_for(city: Session) -> None:
    for point in ("P-0001", "P-0003"):
        an_issue(city, point=point)
        an_issue(city, point=point)

    assert [one[1] for one in counted(city, scope=Scope(areas=frozenset({"510303"}), counted=True))] == ["P-0003"]
    assert [one[1] for one in counted(city, area="510302")] == ["P-0001"]
    assert counted(city, scope=Scope(counted=True)) == []


def test_an_issue_without_point_or_standard_makes_no_empty_row(city: Session) -> None:
    for _ in range(5):
        an_issue(city, point=None, standard=None, area="5103")

    assert counted(city) == []


def test_names_are_those_of_the_places(city: Session) -> None:
    for _ in range(4):
        an_issue(city)
    found = hot(city)

    assert [found[kind][0].name for kind in (Gathers.FAULT, Gathers.POINT, Gathers.STREET)] == [
        "高山井社区大道",
        "高山井社区大道",
        "五星街街道",
    ]


def test_the_policy_says_the_numbers_and_zero_leaves_a_kind_out() -> None:
    wanted = Thresholds.of({"hotspot": {"days": 30, "point": 3, "street": 0}})
    assert (wanted.days, wanted.least[Gathers.POINT], wanted.least[Gathers.STREET]) == (30, 3, 0)


def test_a_kind_that_is_left_out_is_not_there(city: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    least = {**dict.fromkeys(Gathers, 0), Gathers.POINT: 1}
    monkeypatch.setattr("services.hotspots.thresholds", lambda _: Thresholds(60, least))
    an_issue(city)

    assert list(hot(city)) == [Gathers.POINT]


def test_a_standard_is_said_in_both_languages(city: Session) -> None:
    row = city.get_one(Standard, ("CC-2026", "01-01"))
    row.text, row.text_en = "无垃圾", "No litter"
    city.commit()
    for _ in range(2):
        an_issue(city)
    (fault,) = hot(city)[Gathers.FAULT]
    assert (fault.about, fault.about_en) == ("无垃圾", "No litter")
    row.text_en = ""
    city.commit()
    (fault,) = hot(city)[Gathers.FAULT]
    assert fault.about_en == "无垃圾"
