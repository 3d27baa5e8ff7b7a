"""The record as it leaves the house: of one moment, whole, and nothing missing unseen."""

from collections.abc import Callable
from datetime import timedelta

from sqlmodel import Session

from services import seal
from tests.cast import MONDAY, an_issue
from tests.corners.verbs import comment


def test_an_export_is_of_one_moment_while_others_write_and_seal(city: Session, sessions: Callable[[], Session]) -> None:
    key = an_issue(city, state="verified")
    city.commit()

    with sessions() as reader, sessions() as writer:
        lines = seal.record_lines(reader)
        first = next(lines)
        comment(writer, key)
        seal.seal_day(writer, now=MONDAY + timedelta(days=1))
        writer.commit()
        exported = [first, *lines]

    assert seal.verify(exported).alteration is None


def test_events_without_the_heads_of_their_issues_do_not_verify(city: Session) -> None:
    an_issue(city, state="verified")
    events = [line for line in seal.record_lines(city) if line["type"] == "event"]

    assert seal.verify(events[:-1]).alteration is not None


def test_an_event_without_its_id_does_not_verify(city: Session) -> None:
    an_issue(city)
    lines = list(seal.record_lines(city))
    del lines[0]["id"]

    assert seal.verify(lines).alteration is not None
