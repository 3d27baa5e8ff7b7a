"""The sample issues: lived through at their times, once, and nobody gets a late message."""

from datetime import timedelta

import pytest
from sqlmodel import Session, col, func, select

from models.errors import BadRows
from models.issue import Evidence, Issue, IssueEvent, SupervisionOrder
from models.lifecycle import Action, State
from models.message import Message, MessageState
from models.rights import is_independent
from services import people
from services.cities import load, load_samples, read_pack
from services.evidence import path_of
from tests.services.cities.packs import NOW, replace

A = Action


@pytest.fixture
def played(session, pack, tmp_path):
    load(session, pack, now=NOW)
    load_samples(session, pack, now=NOW, evidence_dir=tmp_path / "evidence")
    return session


def issue(session: Session, key: str) -> Issue:
    return session.exec(select(Issue).where(Issue.external_ref == f"sample:{key}")).one()


def trail(session: Session, key: str) -> list[IssueEvent]:
    query = select(IssueEvent).where(IssueEvent.issue_id == issue(session, key).id).order_by(col(IssueEvent.seq))
    return list(session.exec(query))


def test_a_story_is_lived_through_by_people_and_by_time(played):
    actions = [event.action for event in trail(played, "A")]

    assert actions == [A.FIND, A.TRIAGE, A.ASSIGN, A.SIGN_IN, A.SUBMIT, A.PASS, A.CLOSE_OUT]
    assert issue(played, "A").state == State.CLOSED


def test_each_thing_happens_at_its_own_time(played):
    found_at = NOW - timedelta(days=9)

    assert issue(played, "A").found_at == found_at
    assert next(e.at for e in trail(played, "A") if e.action is A.SUBMIT) == found_at + timedelta(days=2)


def test_what_nobody_put_right_has_climbed_the_ladder(played):
    steps = [event.step for event in trail(played, "B") if event.action is A.ESCALATE]

    assert steps == ["E2", "E3", "E4", "E5", "E6", "E7", "E8"]
    assert played.exec(select(func.count()).select_from(SupervisionOrder)).one() == 3


def test_after_a_return_another_unit_is_named(played):
    leads = [event.facts["lead_unit"] for event in trail(played, "B") if event.action is A.ASSIGN]

    assert leads == ["T510302001", "T510371"]


def test_the_verifier_is_independent(played):
    checked = issue(played, "A")

    assert is_independent(people.actor(played, checked.verified_by, now=NOW), checked)


def test_the_proof_lies_in_the_store_as_a_picture(played, tmp_path):
    (piece,) = played.exec(select(Evidence).where(Evidence.kind == "after")).all()

    data = path_of(tmp_path / "evidence", piece.sha256).read_bytes()

    assert data.startswith(b"\x89PNG\r\n")
    assert b"sample, not a photo" in data


def test_no_message_of_the_past_is_left_to_send(played):
    states = played.exec(select(Message.state).distinct()).all()

    assert list(states) == [MessageState.SUPPRESSED]


def test_playing_again_plays_nothing(played, pack, tmp_path):
    counts = load_samples(played, pack, now=NOW, evidence_dir=tmp_path / "evidence")

    assert (counts.made, counts.known, counts.actions, counts.timed) == (0, 2, 0, 0)


def test_a_story_that_the_door_refuses_is_told_with_its_line(session, pack, tmp_path):
    replace(pack.folder / "issues.csv", "sign_in@0.3 submit(已换)@2", "submit(已换)@2")
    load(session, broken := read_pack(pack.folder), now=NOW)

    with pytest.raises(BadRows) as refused:
        load_samples(session, broken, now=NOW, evidence_dir=tmp_path)

    (row,) = refused.value.rows
    assert (row.place, row.row, row.value) == ("issues.csv", 2, "A submit@2")


@pytest.mark.slow
def test_the_example_city_has_samples_in_every_state(loaded, zigong, tmp_path):
    counts = load_samples(loaded, zigong, now=NOW, evidence_dir=tmp_path)

    assert counts.made == 100
    assert set(loaded.exec(select(Issue.state).distinct())) == set(State)
    assert loaded.exec(select(func.count()).where(col(Issue.next_step_at) <= NOW)).one() == 0
