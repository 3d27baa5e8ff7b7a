"""The whole product of states, actions and roles: exactly what the table lists, or refused with its code."""

import itertools

import pytest

from models.errors import ActionNotAllowed, ActionNotPossible, MissingInput
from models.lifecycle import BY_ACTION, LIFECYCLE, Action, Role, State, check

EVERYTHING = frozenset(need for line in LIFECYCLE for need in line.needs)
# Written out a second time on purpose: who may do what from where, as design section 4 says it.
UNIT, OFFICE = {"handler", "unit_leader"}, {"dispatcher", "supervisor"}
MOVES = {
    ("assign", "found", "assigned"): {"dispatcher", "system"},
    ("merge", "found", "void"): {"dispatcher"},
    ("void", "found", "void"): OFFICE,
    ("sign_in", "assigned", "rectifying"): UNIT,
    ("return", "assigned", "found"): UNIT,
    ("grant_return", "rectifying", "found"): OFFICE,
    ("submit", "rectifying", "rectified"): UNIT,
    ("grant_shelving", "rectifying", "shelved"): OFFICE | {"leader"},
    ("pass", "rectified", "verified"): {"verifier"},
    ("fail", "rectified", "rectifying"): {"verifier"},
    ("close_out", "verified", "closed"): {"dispatcher", "system"},
    ("dispute", "verified", "rectifying"): OFFICE | {"reporter"},
    ("resume", "shelved", "rectifying"): UNIT | OFFICE | {"system"},
    ("reopen", "closed", "rectifying"): OFFICE,
    ("relapse", "closed", "rectifying"): OFFICE | {"inspector", "verifier"},
}


def test_every_action_has_exactly_one_line() -> None:
    assert sorted(Action) == sorted(line.action for line in LIFECYCLE)


def test_the_moves_are_those_of_the_design() -> None:
    moves = {
        (line.action.value, state.value, line.to.value): {role.value for role in line.who}
        for line in LIFECYCLE
        for state in line.come_from
        if line.to and line.to != state
    }

    assert moves == MOVES


@pytest.mark.parametrize("action", list(Action))
@pytest.mark.parametrize("state", [None, *State])
def test_listed_pairs_are_accepted_for_listed_roles_and_all_else_is_refused(
    action: Action, state: State | None
) -> None:
    line = BY_ACTION[action]
    possible = state in line.come_from if state else not line.come_from
    for role in Role:
        outcome = _outcome(action, state, frozenset({role}))
        if not possible:
            assert outcome == ActionNotPossible.code
        elif role not in line.who:
            assert outcome == ActionNotAllowed.code
        else:
            assert outcome == (line.to or state)


@pytest.mark.parametrize("action", [line.action for line in LIFECYCLE if line.needs])
def test_what_must_be_supplied_is_asked_for(action: Action) -> None:
    line = BY_ACTION[action]
    state = next(iter(line.come_from), None)
    for missing in line.needs:
        with pytest.raises(MissingInput, match=missing):
            check(action, state=state, roles=line.who, supplied=line.needs - {missing})


def test_two_roles_may_do_what_either_may() -> None:
    for one, other in itertools.combinations(Role, 2):
        for line in LIFECYCLE:
            state = next(iter(line.come_from), None)
            both = _outcome(line.action, state, frozenset({one, other}))
            each = {_outcome(line.action, state, frozenset({role})) for role in (one, other)}
            assert (both == ActionNotAllowed.code) == (each == {ActionNotAllowed.code})


def test_somebody_without_a_role_may_do_nothing() -> None:
    for line in LIFECYCLE:
        state = next(iter(line.come_from), None)
        assert _outcome(line.action, state, frozenset()) == ActionNotAllowed.code


def _outcome(action: Action, state: State | None, roles: frozenset[Role]) -> object:
    try:
        return check(action, state=state, roles=roles, supplied=EVERYTHING)
    except (ActionNotPossible, ActionNotAllowed) as refusal:
        return refusal.code
