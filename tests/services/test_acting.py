"""Acting at a page: once per key, and against what the reader saw."""

from datetime import timedelta

import pytest

from models.errors import SomebodyWasFaster
from models.lifecycle import Action
from services import issues
from services.acting import VERBS, Seen, act, has_just_done, since
from services.offers import ASKED, NOT_FOR_PAGES
from tests.cast import HANDLER, MONDAY, OFFICE, PHOTO, an_issue, at, read, trail, who

LATER = MONDAY + timedelta(hours=1)
PROOF = {"result": "已清理", "evidence": [PHOTO]}


def seen(session, key: int) -> Seen:
    issue = read(session, key)
    return Seen(issue.version, issue.event_count)


def do(session, key, action, *, by=HANDLER, given=(), saw=None, form="form-0001", now=LATER):
    issue = read(session, key)
    saw = saw or Seen(issue.version, issue.event_count)
    return act(session, action, issue, given=dict(given), by=who(session, by), seen=saw, key=form, now=now)


def test_the_same_form_sent_twice_is_done_once(city):
    key = an_issue(city, state="assigned")
    saw = seen(city, key)
    assert not do(city, key, Action.SIGN_IN, saw=saw).repeated
    assert do(city, key, Action.SIGN_IN, saw=saw).repeated
    assert trail(city, key).count("sign_in") == 1


def test_the_key_of_one_person_is_not_that_of_another(city):
    key = an_issue(city, state="assigned")
    do(city, key, Action.COMMENT, given={"text": "一"})
    do(city, key, Action.COMMENT, given={"text": "二"}, by=OFFICE)
    assert trail(city, key).count("comment") == 2


def test_who_saw_an_older_state_is_told_that_somebody_was_faster(city):
    key = an_issue(city, state="rectifying")
    saw = seen(city, key)
    do(city, key, Action.SUBMIT, given=PROOF, form="first-form")
    with pytest.raises(SomebodyWasFaster):
        do(city, key, Action.SUBMIT, given=PROOF, saw=saw, by="R00007", form="second-form")
    assert [event.action for event in since(city, read(city, key), saw)] == [Action.SUBMIT]


def test_a_warning_that_came_meanwhile_does_not_stand_in_the_way(city, tick):
    key = an_issue(city, state="rectifying")
    saw = seen(city, key)
    warned = at("2026-11-05 11:00")
    tick(warned)
    assert trail(city, key)[-1] == "escalate E2"
    do(city, key, Action.SUBMIT, given=PROOF, saw=saw, now=warned)
    assert read(city, key).state == "rectified"


def test_a_word_that_came_meanwhile_does_not_stand_in_the_way(city):
    key = an_issue(city, state="rectifying")
    saw = seen(city, key)
    do(city, key, Action.COMMENT, given={"text": "快一点"}, by=OFFICE)
    do(city, key, Action.SUBMIT, given=PROOF, saw=saw, form="other-form")
    assert read(city, key).state == "rectified"


def test_another_date_that_came_meanwhile_does(city):
    key = an_issue(city, state="rectifying")
    saw = seen(city, key)
    issues.reapply_rules(city, issue_ids=[key], by=who(city, OFFICE), now=LATER, severity="S4")
    with pytest.raises(SomebodyWasFaster):
        do(city, key, Action.SUBMIT, given=PROOF, saw=saw)


def test_a_version_that_was_made_up_is_refused(city):
    key = an_issue(city, state="rectifying")
    with pytest.raises(SomebodyWasFaster):
        do(city, key, Action.SUBMIT, given=PROOF, saw=Seen(99, 99))


def test_a_word_may_be_said_whatever_happened(city):
    key = an_issue(city, state="rectifying")
    do(city, key, Action.COMMENT, given={"text": "看到了"}, saw=Seen(1, 1))
    assert trail(city, key)[-1] == "comment"


def test_what_was_done_just_now_is_on_record_for_a_while(city):
    key = an_issue(city, state="assigned")
    do(city, key, Action.SIGN_IN)
    by, number = who(city, HANDLER), read(city, key).number
    assert has_just_done(city, by, number, Action.SIGN_IN, now=LATER)
    assert not has_just_done(city, by, number, Action.SIGN_IN, now=LATER + timedelta(hours=1))
    assert not has_just_done(city, who(city, OFFICE), number, Action.SIGN_IN, now=LATER)


def test_every_action_of_a_page_has_a_verb():
    by_action = {Action.TRIAGE, Action.RECOMPUTE, Action.REAPPLY_RULES}
    assert set(Action) - NOT_FOR_PAGES - set(VERBS) - set(ASKED) <= by_action
