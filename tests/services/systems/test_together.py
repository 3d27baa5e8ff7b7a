"""Two who bring in at once; a round that begins on an edition at the moment in which it is changed."""

import pytest
from sqlmodel import Session

from models.standard import Standard
from services.administering.errors import NotAsShown
from services.systems.bringing import bring
from services.systems.errors import EditionInUse
from tests.services.administering.test_together import in_a_thread, until_it_waits
from tests.services.systems.editions import LATER, actor, brought, renamed, saved, seen, workbook
from tests.services.systems.test_bringing import a_round


def changed(session, tmp_path, deduction, *, code="V1", name="a.xlsx"):
    book = workbook(session)
    if code != "V1":
        renamed(book, code)
    book["测评标准"]["G2"] = deduction
    return saved(book, tmp_path, name)


def bringing(path, mark):
    def work(session: Session):
        return bring(session, path, actor=actor(session), why="我也要", fingerprint=mark, now=LATER)

    return work


@pytest.mark.parametrize(("second", "outcome"), [(0.9, NotAsShown), (0.8, type(None))])
def test_of_two_who_bring_in_the_same_edition_the_second_does_nothing_that_was_not_shown(
    small, engine, tmp_path, second, outcome
):
    first = changed(small, tmp_path, 0.8, code="V2")
    other = changed(small, tmp_path, second, code="V2", name="b.xlsx")
    mark = seen(small, other).fingerprint
    small.commit()
    brought(small, first)

    thread, ended = in_a_thread(engine, bringing(other, mark))
    until_it_waits(engine)
    small.commit()
    thread.join(30)

    assert isinstance(ended[0], outcome)
    small.expire_all()
    assert str(small.get_one(Standard, ("V2", "01-01")).deduction) == "0.8"


def test_a_round_that_begins_meanwhile_keeps_its_edition(small, engine, tmp_path):
    path = changed(small, tmp_path, 0.8)
    mark = seen(small, path).fingerprint
    small.commit()
    a_round(small)

    thread, ended = in_a_thread(engine, bringing(path, mark))
    until_it_waits(engine)
    small.commit()
    thread.join(30)

    assert isinstance(ended[0], EditionInUse)
    assert str(small.get_one(Standard, ("V1", "01-01")).deduction) == "0.5"


def test_a_round_that_comes_too_late_waits_for_the_change(small, engine, tmp_path):
    path = changed(small, tmp_path, 0.8)
    brought(small, path)

    thread, ended = in_a_thread(engine, a_round)
    until_it_waits(engine)
    small.commit()
    thread.join(30)

    assert ended == [None]
