"""Why somebody was told of an issue."""

from datetime import timedelta

from notifications.about import told_about
from tests.cast import DIRECT, HANDLER, MONDAY, OUTSIDER, an_issue, at

NOW = MONDAY + timedelta(hours=1)


def test_the_reason_names_the_post_and_the_step(city):
    key = an_issue(city, state="assigned")
    (one,) = told_about(city, HANDLER, issue_id=key, now=NOW)
    assert (one.kind, one.post, one.step) == ("assigned", "城管局承办人", "E0 交办")
    assert one.title.startswith("【交办】")


def test_who_was_not_told_is_told_nothing(city):
    key = an_issue(city, state="assigned")
    assert told_about(city, OUTSIDER, issue_id=key, now=NOW) == []
    assert told_about(city, "nobody", issue_id=key, now=NOW) == []


def test_only_this_issue_is_spoken_of_the_newest_first(city, tick):
    key = an_issue(city, state="assigned")
    an_issue(city, state="assigned")
    tick(at("2026-11-02 16:00"))
    told = told_about(city, HANDLER, issue_id=key, now=at("2026-11-02 16:00"))
    assert [one.kind for one in told] == ["sign_in_reminder", "assigned"]
    assert [one.kind for one in told_about(city, DIRECT, issue_id=key, now=NOW)] == ["sign_in_reminder"]


def test_the_reader_chooses_the_language(city):
    key = an_issue(city, state="assigned")
    (one,) = told_about(city, HANDLER, issue_id=key, now=NOW, lang="en")
    assert one.step == "E0 Assigned"
