"""Lists by tag show what the boards by tag count; several of one set widen, another set narrows; an index answers."""

from collections.abc import Iterable

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session, select

from bench.crowd import multiply
from models.errors import NotFound
from models.issue import Issue
from services import issues
from services.filters import Scope, Wanted, conditions
from services.listing import count_up_to, listing
from services.tasks.progress import Asked, By, progress
from tests.cast import MONDAY, OFFICE, an_issue, at, read, who
from tests.services.tasks.desk import TAGGED, YEAR, a_task, task_of
from tests.services.tasks.in_force import tags_in_force
from tests.small_city import a_city

NOW = at("2026-11-20 10:00")
WHOLE_YEAR = (at("2026-01-01 00:00"), at("2027-01-01 00:00"))
EVERY_TAG = ("sanitation", "traffic", "road")


@pytest.fixture
def town(city: Session) -> Session:
    """One issue at each of three points; the table says “traffic” of P-0003, and nothing of the others."""
    tags_in_force(city)
    task_of(city, "P-0003").campaign = "交通秩序"
    for point in ("P-0001", "P-0002"):
        task_of(city, point).campaign = ""
    for point, standard in (("P-0001", "01-01"), ("P-0002", "12-02"), ("P-0003", "01-01")):
        an_issue(city, point=point, standard=standard)
    city.commit()
    return city


def points(city: Session, *tags: str, **more) -> set[str | None]:
    page = listing(city, wanted=Wanted(tags=tags, **more), now=NOW)
    return {line.point for line in page.lines}


def test_an_issue_carries_the_tags_of_its_category_its_standard_and_what_the_table_says(town: Session) -> None:
    assert {tag: points(town, tag) for tag in EVERY_TAG} == {
        "sanitation": set(),
        "traffic": {"P-0002", "P-0003"},
        "road": {"P-0001", "P-0002", "P-0003"},
    }


def test_several_of_one_set_widen_and_another_set_narrows(town: Session) -> None:
    task_of(town, "P-0001").campaign = "环境卫生"
    town.commit()
    assert points(town, "sanitation", "traffic") == {"P-0001", "P-0002", "P-0003"}
    assert points(town, "sanitation", "road") == {"P-0001"}
    assert points(town, "sanitation", "traffic", "road") == {"P-0001", "P-0002", "P-0003"}


def test_what_the_table_says_of_a_point_goes_before_its_category(town: Session) -> None:
    task_of(town, "P-0002").campaign = "环境卫生"
    town.commit()
    assert (points(town, "traffic"), points(town, "sanitation")) == ({"P-0003"}, {"P-0002"})


def test_each_year_has_its_own_table(town: Session) -> None:
    a_task(town, "P-0001", year=2025, campaign="交通秩序")
    assert points(town, "traffic", tag_year=2025) == {"P-0001", "P-0002"}
    assert points(town, "traffic", tag_year=2026) == points(town, "traffic") == {"P-0002", "P-0003"}


def test_the_table_of_a_year_that_has_not_begun_does_not_count_yet(town: Session) -> None:
    a_task(town, "P-0001", year=2027, campaign="交通秩序")
    assert points(town, "traffic") == {"P-0002", "P-0003"}


@pytest.mark.parametrize("tags", [("nothing",), ("traffic", "' OR 1=1")])
def test_a_tag_that_the_city_does_not_have_is_not_found(town: Session, tags: tuple[str, ...]) -> None:
    with pytest.raises(NotFound):
        points(town, *tags)


def test_a_city_without_tags_has_none(city: Session) -> None:
    with pytest.raises(NotFound):
        points(city, "traffic")


def test_the_scope_holds_with_tags(town: Session) -> None:
    seen = listing(town, wanted=Wanted(tags=("road",)), now=NOW, scope=Scope(points=frozenset({"P-0003"})))
    assert [line.point for line in seen.lines] == ["P-0003"]


@pytest.fixture
def crowd(session: Session, engine: Engine) -> Session:
    a_city(session)
    tags_in_force(session)
    task_of(session, "P-0003").campaign = "交通秩序"
    task_of(session, "P-0002").campaign = "环境卫生"
    for state in ("found", "rectifying", "closed"):
        for point, standard in (("P-0001", "01-01"), ("P-0002", "12-02"), ("P-0003", "01-01")):
            an_issue(session, state=state, point=point, standard=standard)
    session.commit()
    multiply(engine, to=300, until=NOW)
    return session


def test_every_number_of_the_board_is_a_list_of_as_many(crowd: Session) -> None:
    start, end = WHOLE_YEAR
    rows = progress(crowd, Asked(YEAR, start, end), by=By.TAG, settings=TAGGED, now=NOW, lang="en")
    kinds = {
        "open": {"open_only": True},
        "overdue": {"overdue": True},
        "closed": {"states": ("closed",), "closed_from": start, "closed_to": end},
    }
    for row in rows:
        for name, asked in kinds.items():
            wanted = Wanted(tags=(row.code,), tag_year=YEAR, **asked)
            assert count_up_to(crowd, 1000, wanted=wanted, now=NOW) == getattr(row, name), (row.code, name)
    assert sum(row.open for row in rows) > 20


def test_no_list_by_tag_reads_all_issues(crowd: Session, engine: Engine) -> None:
    """100,000 rows are not needed for it: with sequential scans forbidden only a missing index leads to one."""
    multiply(engine, to=3000, until=NOW)
    crowd.connection().execute(text("SET LOCAL enable_seqscan = off"))
    for tags in (("traffic",), ("road",), EVERY_TAG):
        plan = "\n".join(_plan(crowd, tags))
        assert "Seq Scan on issue" not in plan, plan


def _plan(session: Session, tags: Iterable[str]) -> list[str]:
    where = conditions(session, Wanted(tags=tuple(tags)), now=NOW)
    query = select(Issue.id).where(*where).order_by(Issue.id.desc()).limit(51)
    written = query.compile(session.connection(), compile_kwargs={"literal_binds": True})
    return [row[0] for row in session.connection().execute(text(f"EXPLAIN {written}".replace(":", "\\:")))]


def test_what_is_marked_as_assigned_by_a_leader_is_found_by_its_index(crowd: Session) -> None:
    first = crowd.exec(select(Issue.id).limit(1)).one()
    issues.mark_leader(crowd, issue_ids=[first], by=who(crowd, OFFICE), now=MONDAY)
    (line,) = listing(crowd, wanted=Wanted(leader=True), now=NOW).lines
    assert (line.id, line.leader_assigned) == (first, True)
    assert read(crowd, first).leader_assigned
