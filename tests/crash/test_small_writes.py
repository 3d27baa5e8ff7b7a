"""Tokens and saved views, struck before and after their one commit: whole or not there, and done again they are."""

import pytest
from sqlmodel import Session, select

from models.api import ApiToken
from models.view import SavedView
from tests.cast import OFFICE, at
from tests.crash.deaths import dies
from tests.crash.test_imports import nothing
from tests.crash.works import command, keep_view

NOW = at("2026-11-03 10:00")
TYPED = ("token", "create", "nightly", "--scope", "read", "--as", OFFICE)
SIDES = [("before a commit", 0), ("after a commit", 1)]


def tokens(session: Session) -> list[tuple[str, list[str], bool]]:
    return [(one.name, list(one.scopes), len(one.token_hash) > 20) for one in session.exec(select(ApiToken))]


@pytest.mark.parametrize(("point", "there"), SIDES)
def test_a_token_is_whole_or_not_there_and_one_that_nobody_saw_can_be_ended(place, tmp_path, point, there) -> None:
    here = place(nothing)
    job = here.job(NOW, home=tmp_path, typed=TYPED)
    dies("command", job, point=point)

    with here.session() as session:
        assert tokens(session) == [("nightly", ["read"], True)] * there
    command(job)
    with here.session() as session:
        assert tokens(session) == [("nightly", ["read"], True)] * (there + 1)
        first = session.exec(select(ApiToken.id).order_by(ApiToken.id)).first()
    command(here.job(NOW, home=tmp_path, typed=("token", "end", str(first), "--as", OFFICE)))
    with here.session() as session:
        assert len([one for one in session.exec(select(ApiToken)) if one.ended_at is None]) == there


@pytest.mark.parametrize(("point", "there"), SIDES)
def test_a_view_is_kept_or_not_and_kept_again_once(place, point: str, there: int) -> None:
    here = place(nothing)
    dies("keep_view", here.job(NOW), point=point)

    for wanted in (there, 1):
        with here.session() as session:
            found = session.exec(select(SavedView.name, SavedView.query)).all()
        assert found == [("逾期", "overdue=1")] * wanted
        keep_view(here.job(NOW))
