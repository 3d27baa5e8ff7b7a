"""Until when a server wants to be left alone: seconds or a date, whatever its clock; what cannot be read is no time."""

from datetime import timedelta

import pytest

from models.message import Outcome
from notifications.channels.http import Answer, judge_body, judge_status

DATE = "Mon, 02 Nov 2026 02:00:00 GMT"
DAY = timedelta(days=1)


def told(retry_after: str, **headers: str) -> timedelta | None:
    sent = judge_status(Answer(429, {"Retry-After": retry_after, **headers}))
    assert sent is not None
    assert sent.outcome is Outcome.REFUSED
    return sent.retry_after


@pytest.mark.parametrize(
    ("said", "wait"), [("0", timedelta()), ("90", timedelta(seconds=90)), (" 90 ", timedelta(seconds=90))]
)
def test_seconds_are_taken(said, wait):
    assert told(said) == wait


@pytest.mark.parametrize("clock", ["Mon, 02 Nov 2026 02:00:00 GMT", "Sun, 01 Jan 2023 02:00:00 GMT"])
def test_a_date_counts_from_the_answers_own(clock):
    """Their clock may be years off: only how long it is from one to the other says anything."""
    until = clock.replace("02:00:00", "02:10:00")

    assert told(until, Date=clock) == timedelta(minutes=10)


def test_a_date_in_its_old_form_is_read_too():
    assert told("Mon Nov  2 02:10:00 2026", Date=DATE) == timedelta(minutes=10)


def test_a_date_that_is_over_is_no_wait():
    assert told("Mon, 02 Nov 2026 01:00:00 GMT", Date=DATE) == timedelta()


@pytest.mark.parametrize("said", ["999999", "Fri, 01 Jan 2100 00:00:00 GMT"])
def test_nobody_makes_us_wait_for_more_than_a_day(said):
    assert told(said, Date=DATE) == DAY


@pytest.mark.parametrize("said", ["", "soon", "-5", "1.5", "²", "9" * 5000, "Mon, 99 Nov 2026 02:10:00 GMT"])
def test_what_cannot_be_read_names_no_time(said):
    assert told(said, Date=DATE) is None


def test_without_a_clock_of_theirs_a_date_says_nothing():
    assert told("Mon, 02 Nov 2026 02:10:00 GMT") is None


@pytest.mark.parametrize("code", ["--5", "²", "9" * 5000, "soon"])
def test_an_odd_code_in_the_body_breaks_nothing(code):
    """It is no number, so the status counts."""
    sent = judge_body(Answer(200, {}, f'{{"code": "{code}"}}'.encode()), address="json://x")

    assert sent.outcome is Outcome.SENT
