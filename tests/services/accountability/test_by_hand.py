"""A measure that a person proposes: by whom, about what, decided by somebody else, with its paper as for a rule's."""

from collections.abc import Callable, Mapping
from functools import partial
from itertools import product

import pytest
from sqlmodel import Session

from models.accountability import DECISIONS, HAND_KINDS, Measure, MeasureAct, MeasureKind, MeasureState
from models.errors import ActionNotAllowed, DubanError, MissingInput, NotFound, WrongValue
from services import issues
from services.accountability.by_hand import LONGEST, Proposed, propose, units_to_propose
from services.accountability.deciding import approve, conclude, hold, reject, second
from services.accountability.errors import OwnProposal, SamePerson
from services.accountability.offers import possible
from services.accountability.papers import printable
from services.accountability.view import every, one
from tests.cast import (
    DISTRICT_OFFICE,
    DUTY,
    HANDLER,
    MONDAY,
    OFFICE,
    OUTSIDER,
    PRINCIPAL,
    STRANGER,
    an_issue,
    read,
    who,
)
from tests.services.accountability.shorthand import HEADQUARTERS, PERFORMANCE, STATIONERY, acts, measures

REASON = "多次现场督促无人到场"
CALL, Y, R, P = MeasureKind.INTERVIEW, MeasureKind.YELLOW_CARD, MeasureKind.RED_CARD, MeasureKind.PROPOSAL


def number(session: Session, **given: str) -> str:
    return read(session, an_issue(session, **{"state": "rectifying", **given})).number


def by_hand(session: Session, kind: MeasureKind = CALL, *, by: str = OFFICE, **given: object) -> Measure:
    usual = {"unit": "D-CGJ", "why": REASON, "issues": (), "key": "k1", **given}
    usual["issues"] = usual["issues"] or [number(session)]
    return propose(session, Proposed(kind, **usual), by=who(session, by), now=MONDAY)


def test_it_is_on_record_with_its_reason_and_the_issues_it_rests_on(city: Session) -> None:
    numbers = [number(city), number(city, description="占道")]
    found = by_hand(city, issues=numbers)
    assert (found.state, found.rule, found.proposed_by, found.area_path) == (MeasureState.PROPOSED, "", OFFICE, "5103")
    assert found.because == {"when": "by_hand", "said": REASON, "issues": numbers}
    assert acts(city, found) == [("propose", OFFICE)]
    (entry,) = one(city, who(city, OFFICE), found.id or 0, now=MONDAY).entries
    assert (entry.why, entry.who) == (REASON, "曹慕舟")


@pytest.mark.parametrize(
    "person", [DISTRICT_OFFICE, OUTSIDER, PRINCIPAL, HANDLER, DUTY, PERFORMANCE, STRANGER, "R00005"]
)
def test_who_does_not_hold_the_right_there_proposes_nothing(city: Session, person: str) -> None:
    with pytest.raises(ActionNotAllowed):
        by_hand(city, by=person)
    assert measures(city) == []


def test_a_district_proposes_about_the_units_of_its_place_alone_and_the_city_decides(city: Session) -> None:
    key = an_issue(city)
    issues.assign(city, issue_ids=[key], by=who(city, OFFICE), now=MONDAY, to="T510302001")
    found = by_hand(city, by=DISTRICT_OFFICE, unit="T510302001", issues=[read(city, key).number])
    assert found.area_path == "5103"
    assert [line.id for line in every(city, who(city, DISTRICT_OFFICE), now=MONDAY)] == [found.id]
    assert possible(city, found, who(city, DISTRICT_OFFICE)) == frozenset()
    assert MeasureAct.APPROVE in possible(city, found, who(city, OFFICE))
    codes = {code for code, _ in units_to_propose(city, who(city, DISTRICT_OFFICE), today=MONDAY.date())}
    assert codes == {"T510302", "T510302001", "T510302001002"}


def test_a_yellow_card_is_the_districts(city: Session) -> None:
    key = an_issue(city)
    issues.assign(city, issue_ids=[key], by=who(city, OFFICE), now=MONDAY, to="T510302001")
    assert by_hand(city, Y, unit="T510302001", issues=[read(city, key).number]).area_path == "5103/510302"


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"why": "  ​ "}, MissingInput),
        ({"why": "长" * (LONGEST + 1)}, WrongValue),
        ({"why": "零\x00"}, WrongValue),
        ({"unit": "D-NONE"}, NotFound),
        ({"unit": "D\x00"}, NotFound),
        ({"issues": ["ZG-2026-999999"]}, NotFound),
        ({"issues": ["\x00"]}, NotFound),
        ({"issues": [f"ZG-2026-{n:06}" for n in range(201)]}, WrongValue),
        ({"kind": MeasureKind.ORDER}, WrongValue),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(city: Session, given: Mapping[str, object], error) -> None:
    with pytest.raises(error):
        by_hand(city, **given)
    assert measures(city) == []


def test_without_any_issue_it_rests_on_nothing(city: Session) -> None:
    with pytest.raises(MissingInput):
        propose(city, Proposed(CALL, "D-CGJ", REASON, [], "k"), by=who(city, OFFICE), now=MONDAY)


def test_an_issue_of_another_unit_is_no_reason(city: Session) -> None:
    with pytest.raises(WrongValue):
        by_hand(city, unit="D-SCJGJ", issues=[number(city)])


def test_the_same_form_sent_twice_makes_one_and_another_persons_key_is_theirs(city: Session) -> None:
    numbers = [number(city)]
    assert by_hand(city, issues=numbers).id == by_hand(city, issues=numbers).id
    by_hand(city, issues=numbers, by=HEADQUARTERS)
    assert len(measures(city)) == 2


@pytest.mark.parametrize(("kind", "number_"), [(CALL, "自约"), (Y, "自黄"), (R, "自红")])
def test_somebody_else_decides_and_its_paper_says_the_reason(city: Session, kind: MeasureKind, number_: str) -> None:
    found = by_hand(city, kind)
    with pytest.raises(OwnProposal):
        approve(city, found.id or 0, by=who(city, OFFICE), now=MONDAY, seen=1, stationery=STATIONERY)
    approve(city, found.id or 0, by=who(city, HEADQUARTERS), now=MONDAY, seen=1, stationery=STATIONERY)
    paper = printable(city, found).paper
    assert paper.number.startswith(number_)
    assert (paper.content["step"], paper.content["count"]) == (REASON, 1)


def test_a_proposal_takes_two_more_people(city: Session) -> None:
    found = by_hand(city, P, by=HEADQUARTERS)
    how = {"now": MONDAY, "stationery": STATIONERY}
    approve(city, found.id or 0, by=who(city, OFFICE), seen=1, **how)
    with pytest.raises(OwnProposal):
        second(city, found.id or 0, by=who(city, HEADQUARTERS), seen=2, **how)
    second(city, found.id or 0, by=who(city, PERFORMANCE), seen=2, **how)
    assert acts(city, found) == [("propose", HEADQUARTERS), ("approve", OFFICE), ("second", PERFORMANCE)]


def test_whoever_proposed_it_does_not_reject_it_either(city: Session) -> None:
    found = by_hand(city)
    with pytest.raises(OwnProposal):
        reject(city, found.id or 0, by=who(city, OFFICE), now=MONDAY, seen=1, why="不办")
    reject(city, found.id or 0, by=who(city, HEADQUARTERS), now=MONDAY, seen=1, why="不办")
    assert found.state is MeasureState.REJECTED


WHO = (OFFICE, HEADQUARTERS, PERFORMANCE, DISTRICT_OFFICE, PRINCIPAL, HANDLER, DUTY, STRANGER)
VERBS: Mapping[MeasureAct, Callable[..., Measure]] = {
    MeasureAct.APPROVE: approve,
    MeasureAct.SECOND: second,
    MeasureAct.REJECT: reject,
    MeasureAct.HOLD: hold,
    MeasureAct.CONCLUDE: conclude,
}


@pytest.mark.parametrize("act", list(VERBS))
@pytest.mark.parametrize("kind", HAND_KINDS)
def test_what_is_offered_is_done_and_what_is_not_is_refused(city: Session, kind, act) -> None:
    """The whole product of kinds, states, acts and people, for one that the office proposed."""
    found = by_hand(city, kind)
    more = {"stationery": STATIONERY} if act in (MeasureAct.APPROVE, MeasureAct.SECOND) else {}
    for state, person in product(MeasureState, WHO):
        found.state = state
        city.commit()
        by = who(city, person)
        offered = act in possible(city, found, by)
        assert not (offered and act in DECISIONS and person == OFFICE)
        given = {"by": by, "now": MONDAY, "seen": 1, "why": "经研究", **more}
        assert _is_done(city, partial(VERBS[act], city, found.id or 0, **given)) == offered, (state, person)


def _is_done(session: Session, act: Callable[[], object]) -> bool:
    """Tried, and taken back."""
    with session.begin_nested() as tried:
        try:
            act()
        except DubanError:
            return False
        finally:
            if tried.is_active:
                tried.rollback()
            session.expire_all()
    return True


def test_who_approved_is_not_the_second(city: Session) -> None:
    found = by_hand(city, P)
    how = {"now": MONDAY, "stationery": STATIONERY}
    approve(city, found.id or 0, by=who(city, HEADQUARTERS), seen=1, **how)
    with pytest.raises(SamePerson):
        second(city, found.id or 0, by=who(city, HEADQUARTERS), seen=2, **how)
