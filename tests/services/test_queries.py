"""Lists, search and counts say what a plain look at every row says, by whichever way they find it."""

from collections import Counter

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from models.area import Area
from models.errors import NotFound
from models.issue import Issue
from models.lifecycle import OPEN, RUNNING, State
from models.point import Point
from services import boards, issues, listing, queries
from services.filters import Scope, Wanted
from services.findings import Finding
from tests.cast import INSPECTOR, MONDAY, OFFICE, an_issue, at, read, who

LATER = at("2026-11-09 10:00")
POINTS = (("P-0001", "01-01"), ("P-0002", "12-01"), ("P-0003", "01-02"))
WORDS = ("垃圾桶满溢", "占道经营", "白鹭惊飞，垃圾遍地", "100%_破损", "ABC 广告牌", "圾垃")
STATES = ["found", "assigned", "rectifying", "rectified", "verified", "closed", "void"]


SPREAD = """
UPDATE issue SET state = (CAST(:states AS text[]))[1 + id % 7], lead_unit = CASE WHEN id % 7 > 0 THEN 'D-CGJ' END,
       due_at = CAST(:now AS timestamptz) + id * interval '6 hours', step = id % 5, steps_taken = 1 << (id % 9)::int,
       set_aside = (id % 7 = 0)::int, next_step_at = CASE WHEN id % 3 > 0 THEN found_at + id * interval '1 hour' END
"""


@pytest.fixture
def filled(city: Session) -> Session:
    """Forty-two issues: each state with each description, over all points, due at other times."""
    several = [
        Finding(words, point=POINTS[n % 3][0], standard=POINTS[n % 3][1], address=f"{n}号")
        for n, words in enumerate(WORDS * len(STATES))
    ]
    issues.find(city, findings=several, by=who(city, INSPECTOR), now=MONDAY)
    city.connection().execute(text(SPREAD), {"states": STATES, "now": MONDAY})
    return city


def found(session: Session, *, scope: Scope | None = None, **wanted) -> list[int]:
    page = queries.listing(session, wanted=Wanted(**wanted), now=LATER, scope=scope)
    return [line.id for line in page.lines]


def plain(session: Session, holds) -> list[int]:
    """The keys of all issues for which it holds, newest first."""
    rows = sorted(session.exec(select(Issue)), key=lambda issue: -issue.id)
    return [issue.id for issue in rows if holds(issue)]


def body(session: Session, issue: Issue) -> str:
    point = session.get(Point, issue.point_code)
    return "\n".join((issue.description, issue.address, point.name)).lower()


@pytest.mark.parametrize(
    "word", ["垃圾", "桶", "满溢", "白", "鹭惊", "100%", "%", "_", "\\", "abc", "农贸市场", "无此词", "垃 圾"]
)
@pytest.mark.parametrize("near", [3, 5_000])
def test_a_word_is_found_near_and_far(filled: Session, monkeypatch, word: str, near: int) -> None:
    monkeypatch.setattr(listing, "READ_THROUGH", near)
    assert found(filled, text=word) == plain(filled, lambda one: word in body(filled, one))


def test_the_index_alone_never_decides(filled: Session, monkeypatch) -> None:
    monkeypatch.setattr(listing, "READ_THROUGH", 0)
    key = an_issue(filled, description="甲乙，乙丙")
    assert key not in found(filled, text="甲乙丙")
    assert key in found(filled, text="乙，乙")


def test_pages_of_a_search_follow_each_other_without_gap_or_double(filled: Session, monkeypatch) -> None:
    monkeypatch.setattr(listing, "READ_THROUGH", 4)
    seen, after = [], None
    while True:
        page = queries.listing(filled, wanted=Wanted(text="垃圾"), now=LATER, after=after, limit=5)
        seen += [line.id for line in page.lines]
        after = page.after
        if after is None:
            break
    assert seen == plain(filled, lambda one: "垃圾" in body(filled, one))


def test_a_part_of_a_number_is_found(filled: Session, monkeypatch) -> None:
    monkeypatch.setattr(listing, "READ_THROUGH", 3)
    assert found(filled, number="000012") == plain(filled, lambda one: "000012" in one.number)
    assert found(filled, number="zg-2026-00002") == plain(filled, lambda one: "ZG-2026-00002" in one.number)


def test_a_word_and_a_place_narrow_each_other(filled: Session, monkeypatch) -> None:
    monkeypatch.setattr(listing, "READ_THROUGH", 3)
    seen = found(filled, text="垃圾", area="510302", open_only=True)
    assert seen == plain(filled, lambda i: "垃圾" in i.description and "/510302/" in i.area_path and i.state in OPEN)


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 50])
@pytest.mark.parametrize("here", [1, 4, 2_000])
def test_a_common_word_in_a_place_is_found_newest_first(filled: Session, monkeypatch, limit: int, here: int) -> None:
    monkeypatch.setattr(listing, "READ_THROUGH", 3)
    monkeypatch.setattr(listing, "READ_HERE", here)
    wanted = Wanted(text="垃圾", area="510303")
    seen = [line.id for line in queries.listing(filled, wanted=wanted, now=LATER, limit=limit).lines]
    assert seen == plain(filled, lambda i: "垃圾" in i.description and "/510303/" in i.area_path)[:limit]


def test_a_renamed_point_is_found_by_its_new_name(filled: Session) -> None:
    before = found(filled, text="高山井社区大道")
    filled.get(Point, "P-0001").name = "龙井大街"
    filled.flush()
    assert found(filled, text="龙井大街") == before
    assert found(filled, text="高山井社区大道") == []


def test_an_issue_with_other_words_is_found_by_them(filled: Session) -> None:
    key = plain(filled, lambda _: True)[0]
    filled.connection().execute(text("UPDATE issue SET description = '井盖缺失' WHERE id = :id"), {"id": key})
    assert found(filled, text="井盖") == [key]


def test_an_area_takes_in_what_lies_below_and_nothing_that_only_begins_alike(filled: Session) -> None:
    filled.add(Area(code="5103020", name="另一区", level=2, parent_code="5103", path="5103/5103020"))
    filled.flush()
    other = an_issue(filled, point=None, area="5103020", standard=None, severity="S3")
    assert other in found(filled, area="5103020")
    assert found(filled, area="510302") == plain(filled, lambda one: "/510302/" in f"{one.area_path}/")


@pytest.mark.parametrize("rank", range(9))
def test_each_step_of_the_ladder_is_a_filter(filled: Session, rank: int) -> None:
    assert found(filled, step=f"E{rank}") == plain(filled, lambda one: one.steps_taken >> rank & 1)


WANTED = (
    Wanted(),
    Wanted(open_only=True),
    Wanted(states=(State.CLOSED, State.FOUND)),
    Wanted(area="510302"),
    Wanted(area="510303", severities=("S2",)),
    Wanted(unit="D-CGJ"),
    Wanted(text="垃圾"),
    Wanted(overdue=True),
    Wanted(point="P-0001", open_only=True),
    Wanted(step="E7"),
)


@pytest.mark.parametrize("wanted", WANTED)
def test_counts_are_those_of_the_list(filled: Session, wanted: Wanted) -> None:
    lines = queries.listing(filled, wanted=wanted, now=LATER, limit=1000).lines
    seen = queries.counts(filled, wanted=wanted, now=LATER)
    rows = [read(filled, line.id) for line in lines]

    assert {state: n for state, n in seen.by_state.items() if n} == Counter(line.state for line in lines)
    assert seen.overdue == sum(line.overdue for line in lines)
    assert seen.set_aside == sum(row.set_aside > 0 for row in rows)
    assert seen.next_step_at == min((row.next_step_at for row in rows if row.next_step_at), default=None)


def test_counts_of_the_ended_follow_every_way_in_and_out(city: Session) -> None:
    key = an_issue(city, state="closed")
    other = an_issue(city, state="found")
    issues.void(city, issue_ids=[other], by=who(city, OFFICE), now=MONDAY, reason="非问题")
    ended = queries.counts(city, now=LATER).by_state
    assert (ended[State.CLOSED], ended[State.VOID]) == (1, 1)

    issues.reopen(city, issue_ids=[key], by=who(city, OFFICE), now=MONDAY, reason="未到位")
    assert queries.counts(city, now=LATER).by_state[State.CLOSED] == 0


def test_a_scope_shows_its_areas_and_its_units_and_nothing_else(filled: Session) -> None:
    scope = Scope(areas=frozenset({"510303"}), units=frozenset({"D-SCJGJ"}))
    filled.connection().execute(text("UPDATE issue SET lead_unit = 'D-SCJGJ' WHERE id % 5 = 0"))
    seen = plain(filled, lambda one: "/510303/" in one.area_path or one.lead_unit == "D-SCJGJ")
    assert 0 < len(seen) < 42
    assert found(filled, scope=scope) == seen
    assert queries.counts(filled, now=LATER, scope=scope).total == len(seen)


@pytest.mark.parametrize("scope", [Scope(), Scope(areas=frozenset({"999"}), units=frozenset({"X"}))])
def test_an_empty_scope_shows_nothing(filled: Session, scope: Scope) -> None:
    assert found(filled, scope=scope) == found(filled, scope=scope, text="垃圾") == []
    assert queries.counts(filled, now=LATER, scope=scope).total == 0
    assert boards.by_area(filled, now=LATER, scope=scope).all.total == 0


def test_overdue_is_what_is_running_and_past_its_deadline(filled: Session) -> None:
    late = plain(filled, lambda one: one.state in RUNNING and one.due_at <= LATER)
    assert late
    assert found(filled, overdue=True) == late


def test_an_unknown_place_is_not_found(city: Session) -> None:
    with pytest.raises(NotFound):
        found(city, area="999")
    with pytest.raises(NotFound):
        queries.counts(city, wanted=Wanted(unit="X"), now=LATER)


def test_a_character_that_no_text_can_hold_is_found_nowhere(filled: Session) -> None:
    assert found(filled, text="垃\x00圾") == found(filled, number="\x00") == []
    assert queries.counts(filled, wanted=Wanted(text="\x00"), now=LATER).total == 0
