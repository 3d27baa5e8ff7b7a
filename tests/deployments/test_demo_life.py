"""The demo city that comes to life beside everything that runs: told, stopped at any time, never a reason to fail."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from deployments import demo_life
from deployments.children import Child
from deployments.demo_life import Watched
from runtime import clock, i18n
from runtime.settings import Settings
from services.demo_life import chapters, mark
from services.demo_life.stage import Stage
from services.rulebook import the_city

ALL = len(mark.CHAPTERS)
Sessions = Callable[[], Session]


@pytest.fixture
def demo(city: Session) -> Session:
    the_city(city).demo = True
    city.flush()
    mark.begin(city)
    city.commit()
    return city


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with i18n.using("en"):
        yield


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path)


def nothing(_: Stage) -> None:
    """A chapter in which nothing happens."""


def broken(_: Stage) -> None:
    raise RuntimeError


class Process:
    """Stands in for the process that plays."""

    def __init__(self) -> None:
        self.returncode: int | None = None
        self.pid = 0

    def poll(self) -> int | None:
        return self.returncode


class Played(Child):
    """A child that starts nothing."""

    def start(self) -> None:
        self.process = Process()  # type: ignore[assignment]

    def stop(self, *, grace: float) -> None:
        self.process = None

    def ends(self, code: int) -> None:
        assert self.process is not None
        self.process.returncode = code


def watched(sessions: Sessions, tmp_path: Path) -> tuple[Watched, Any, list[str]]:
    child = Played("demo", "nothing", tmp_path / "demo.log", {}, lambda _: None)
    said: list[str] = []
    return Watched(child, sessions, said.append), child, said


def come(session: Session, done: int) -> None:
    for _ in range(done):
        chapters.pass_over(session)
    session.commit()


def test_all_is_played_and_a_chapter_that_breaks_is_passed_over(
    demo: Session, sessions: Sessions, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chapters, "PLAYS", [nothing, broken, *[nothing] * (ALL - 2)])

    assert demo_life.play(settings, sessions) == 1
    assert mark.come(demo) == mark.Come(ALL)
    assert demo_life.play(settings, sessions) == 0


def test_a_chapter_is_played_at_the_citys_own_time(
    demo: Session, sessions: Sessions, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Stage] = []
    monkeypatch.setattr(chapters, "PLAYS", [seen.append, *[nothing] * (ALL - 1)])
    demo_life.play(settings, sessions)

    assert abs((seen[0].now - clock.now(demo)).total_seconds()) < 60


def test_a_real_city_starts_nothing(city: Session, sessions: Sessions, tmp_path: Path) -> None:
    city.commit()
    watch, child, said = watched(sessions, tmp_path)
    watch.begin()
    watch.look()

    assert (child.process, said) == (None, [])


def test_a_city_whose_life_is_played_starts_nothing(demo: Session, sessions: Sessions, tmp_path: Path) -> None:
    come(demo, ALL)
    watch, child, said = watched(sessions, tmp_path)
    watch.begin()

    assert (child.process, said) == (None, [])


def test_it_is_told_how_far_it_has_come_and_that_it_is_over(demo: Session, sessions: Sessions, tmp_path: Path) -> None:
    watch, child, said = watched(sessions, tmp_path)
    watch.begin()
    watch.look()
    come(demo, ALL // 2)
    watch.look()
    watch.look()
    come(demo, ALL - ALL // 2)
    child.ends(0)
    watch.look()
    watch.look()

    assert [len(said), f"{ALL // 2} of {ALL}" in said[1], said[2]] == [3, True, "The demo city is alive."]
    assert child.process is None


@pytest.mark.parametrize(("code", "done"), [(1, ALL), (1, 3), (-15, 3), (0, 3)])
def test_a_life_that_is_not_whole_is_told_with_its_log_and_not_started_again(
    demo: Session, sessions: Sessions, tmp_path: Path, code: int, done: int
) -> None:
    watch, child, said = watched(sessions, tmp_path)
    watch.begin()
    come(demo, done)
    child.ends(code)
    watch.look()
    watch.look()

    assert (len(said), "demo.log" in said[-1], child.process) == (2, True, None)
