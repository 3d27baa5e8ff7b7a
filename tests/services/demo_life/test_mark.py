"""How far a demo city has come: chapter by chapter, by one player at a time, and never in a real city."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, col, select

from models.message import Message, MessageState
from services import cursors
from services.demo_life import chapters, mark
from services.demo_life.mark import Come
from services.demo_life.stage import Stage
from services.rulebook import the_city
from tests.cast import MONDAY, at

PAPERS = Path(__file__).parents[3] / "cities" / "zigong" / "papers"


@pytest.fixture
def demo(city: Session) -> Session:
    """The small city as a demo that is to come to life."""
    the_city(city).demo = True
    city.flush()
    mark.begin(city)
    city.commit()
    return city


def play(session: Session, tmp_path: Path) -> Come | None:
    return chapters.play_next(session, now=MONDAY, place=tmp_path, papers=PAPERS)


def plays(monkeypatch: pytest.MonkeyPatch, what: Callable[[Stage], None]) -> None:
    monkeypatch.setattr(chapters, "PLAYS", [what] * len(mark.CHAPTERS))


def test_a_real_city_never_comes_to_life(city: Session, tmp_path: Path) -> None:
    the_city(city).demo = False
    mark.begin(city)

    assert (mark.come(city), play(city, tmp_path)) == (None, None)


def test_a_city_that_was_a_demo_once_is_left_alone(demo: Session, tmp_path: Path) -> None:
    the_city(demo).demo = False
    demo.flush()

    assert play(demo, tmp_path) is None


def test_each_chapter_is_played_once_in_order(demo: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    played: list[Stage] = []
    plays(monkeypatch, played.append)
    names = []
    while came := play(demo, tmp_path):
        names.append(came.name)

    assert names == list(mark.CHAPTERS)
    assert len(played) == len(names)


def test_beginning_again_goes_on_where_it_stopped(
    demo: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plays(monkeypatch, lambda _: None)
    play(demo, tmp_path)
    mark.begin(demo)

    assert mark.come(demo) == Come(1)


def test_what_a_chapter_raises_leaves_it_to_be_played_or_passed_over(
    demo: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: Stage) -> None:
        raise RuntimeError

    plays(monkeypatch, broken)
    with pytest.raises(RuntimeError):
        play(demo, tmp_path)
    demo.rollback()

    assert mark.come(demo) == Come(0)
    assert chapters.pass_over(demo) == Come(1)


def test_two_players_do_not_play_the_same_chapter(
    demo: Session, sessions: Callable[[], Session], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plays(monkeypatch, lambda _: None)
    assert play(demo, tmp_path)
    with sessions() as other:
        assert play(other, tmp_path) is None


def test_what_was_to_be_told_long_ago_is_not_told(
    demo: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: dict[str, Any] = {
        "kind": "test",
        "why": "duty",
        "channels": [],
        "person_code": "R00001",
        "not_before": MONDAY,
    }

    def tell(stage: Stage) -> None:
        for key, when in (("old", at("2026-10-02 10:00")), ("new", MONDAY)):
            stage.session.add(Message(key=key, created_at=when, **given))

    plays(monkeypatch, tell)
    play(demo, tmp_path)

    found = dict(demo.exec(select(Message.key, Message.state).where(col(Message.key).in_(["old", "new"]))).all())
    assert found == {"old": MessageState.SUPPRESSED, "new": MessageState.PENDING}


def test_the_mark_holds_no_more_than_there_is(demo: Session, tmp_path: Path) -> None:
    cursors.put(demo, mark.MARK, position=10_000)
    came = mark.come(demo)

    assert (came is not None and came.over, play(demo, tmp_path), chapters.pass_over(demo)) == (True, None, None)
