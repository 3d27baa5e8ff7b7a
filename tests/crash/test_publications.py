"""Drafting and publishing struck anywhere: a bulletin or a month is whole, with its files and messages, and once."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from tests.cast import OFFICE
from tests.crash.counting import is_sealed, rewind, snapshot
from tests.crash.deaths import dies
from tests.crash.wholeness import WHOLE
from tests.crash.works import WORKS
from tests.services.bulletins import desk as bulletins
from tests.services.ranking import desk as months

DRAFT_BULLETIN = ("bulletin", "draft", "half_month", "--as", OFFICE)
PUBLISH_BULLETIN = ("bulletin", "publish", "1", "--as", OFFICE)
Fill = Callable[[Session], object]


def a_half_month(session: Session) -> None:
    bulletins.a_half_month(session)


def an_approved_bulletin(session: Session) -> None:
    bulletins.a_half_month(session)
    bulletins.approved(session)


def october(session: Session) -> None:
    months.october(session)


def an_appeal(session: Session) -> None:
    key = months.october(session)[2]
    months.drafted(session)
    months.appealed(session, key)


def an_open_month(session: Session) -> None:
    months.october(session)
    months.drafted(session)


def an_approved_month(session: Session) -> None:
    an_open_month(session)
    months.approved(session)


BULLETINS = [
    (DRAFT_BULLETIN, a_half_month, ("a draft written", "its desks told", WHOLE)),
    (PUBLISH_BULLETIN, an_approved_bulletin, ("frozen", "files kept", "all told", WHOLE)),
]


@pytest.mark.parametrize(("typed", "fill", "point"), [(*one[:2], point) for one in BULLETINS for point in one[2]])
def test_a_bulletin_comes_with_its_rows_files_and_messages_or_not_at_all(
    place, finished, tmp_path: Path, typed: tuple[str, ...], fill: Fill, point: str
) -> None:
    given = {"home": tmp_path, "typed": typed}
    check(place, finished, "command", fill, bulletins.MORNING, point, **given)


MONTHS = [
    ("month", ("draft", OFFICE), october, months.DRAFTED, ("leaders told of the month", WHOLE)),
    ("month", ("approve", months.HEADQUARTERS), an_open_month, months.AFTER, ("before a commit",)),
    ("month", ("publish", OFFICE), an_approved_month, months.AFTER, ("before a commit", WHOLE)),
    ("decide", (), an_appeal, months.WITHIN, ("decided, not in the draft", "decided and in the draft")),
]


@pytest.mark.parametrize(
    ("work", "typed", "fill", "now", "point"), [(*one[:4], point) for one in MONTHS for point in one[4]]
)
def test_an_act_upon_a_month_is_done_once_and_whole(
    place, finished, work: str, typed: tuple[str, ...], fill: Fill, now: datetime, point: str
) -> None:
    check(place, finished, work, fill, now, point, typed=typed)


def check(place, finished, work: str, fill: Fill, now: datetime, point: str, **given: Any) -> None:
    """Killed there and done again: as if it had gone through the first time."""
    here = place(fill)
    before = rows(snapshot(here.engine))
    dies(work, here.job(now, **given), point=point)

    half = rows(snapshot(here.engine))
    rewind(here.engine)
    WORKS[work](here.job(now, **given))
    whole = rows(finished(fill, work, now, **given))

    assert before != whole
    assert half == (whole if point == WHOLE else before)
    assert rows(snapshot(here.engine)) == whole
    assert is_sealed(here.engine)


def rows(of: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Of the files their names alone: a workbook says at which second it was made."""
    names = [str(json.loads(file)["name"]) for file in of["bulletin_file"]]
    return {**of, "bulletin_file": sorted(names)}
