"""Measures from the command line, as one person sees them."""

from sqlmodel import Session

from services.accountability.rounds import every_night
from tests.cast import an_issue, at
from tests.cli.conftest import HANDLER, OFFICE, Run

NIGHT = at("2026-11-06 02:00")


def test_measures_are_listed_and_shown_as_one_sees_them(run: Run, session: Session) -> None:
    for n in range(5):
        an_issue(session, state="rectifying", description=f"垃圾桶满溢{n}")
    every_night(session, now=NIGHT)
    session.commit()

    (card,) = run("accountability", "list", "--as", OFFICE, "--json").json
    assert (card["kind"], card["state"], card["unit"]) == ("yellow_card", "proposed", "D-CGJ")
    assert run("accountability", "list", "--state", "issued", "--as", OFFICE, "--json").json == []
    assert [one["act"] for one in run("accountability", "show", str(card["id"]), "--as", OFFICE, "--json").json] == [
        "propose"
    ]
    assert "yellow card" in run("accountability", "list", "--as", OFFICE).out
    assert run("accountability", "list", "--as", HANDLER, "--json").json == []


def test_what_is_not_there_or_not_ones_own_is_refused(run: Run) -> None:
    assert run("accountability", "show", "1", "--as", OFFICE).code != 0
    assert run("accountability", "list", "--kind", "fine", "--as", OFFICE).code != 0
