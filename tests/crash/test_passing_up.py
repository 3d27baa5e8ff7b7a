"""Passing up, struck anywhere: the next post, the duty officer and the record hear of it, each once (promise 4)."""

import pytest
from sqlmodel import Session

from models.message import MessageState
from tests.cast import MONDAY, an_issue
from tests.crash.counting import is_sealed, snapshot
from tests.crash.deaths import dies
from tests.crash.works import pass_up
from tests.notifications.desk import a_message


def unreached(session: Session) -> None:
    """Messages about an issue that reached nobody: two failed, one of which nobody knows."""
    issue = an_issue(session, state="assigned")
    for n, post in enumerate(("D-SCJGJ:deputy_leader", "D-CGJ:handler", "D-CGJ:direct_leader")):
        state = MessageState.UNKNOWN if n == 1 else MessageState.FAILED
        about = {"kind": "assigned", "issue_id": issue, "facts": {}, "area_path": "5103/510302"}
        a_message(session, n=n, post_code=post, state=state, failure="all_failed", **about)


@pytest.mark.parametrize("point", ["passed up", "passing up recorded", "before a commit", "after a commit"])
def test_what_reached_nobody_goes_up_once(place, finished, point: str) -> None:
    here = place(unreached)
    before = snapshot(here.engine)
    dies("pass_up", here.job(MONDAY), point=point)

    half = snapshot(here.engine)
    pass_up(here.job(MONDAY))
    whole = finished(unreached, "pass_up", MONDAY)

    assert len(whole["message"]) > len(before["message"]) + 3
    assert half == (whole if point == "after a commit" else before)
    assert snapshot(here.engine) == whole
    assert is_sealed(here.engine)
