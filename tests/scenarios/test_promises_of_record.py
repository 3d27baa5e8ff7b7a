"""Promises 7 and 8: somebody independent verifies, and the record cannot be altered unseen."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from models.errors import ActionNotAllowed, NotIndependent
from services import appointments, issues, seal
from tests.cast import (
    DISTRICT_VERIFIER,
    HANDLER,
    OFFICE,
    PHOTO,
    VERIFIER,
    an_issue,
    at,
    who,
)

START = at("2026-11-02 10:00")
DUE = at("2026-11-05 17:00")


class TestPromise7TheHandlerNeverVerifiesTheirOwnWork:
    def test_not_even_when_they_hold_a_verifiers_post(self, city: Session) -> None:
        key = an_issue(city, state="rectified", now=START)
        appointments.appoint(
            city, by=who(city, OFFICE), post_code="5103:verifier", person_code=HANDLER, start=START.date(), now=START
        )

        with pytest.raises(NotIndependent):
            issues.pass_verification(city, issue_ids=[key], by=who(city, HANDLER), now=START)

    def test_nor_a_colleague_of_the_same_unit(self, city: Session) -> None:
        key = an_issue(city, state="rectified", now=START)
        appointments.appoint(
            city, by=who(city, OFFICE), post_code="5103:verifier", person_code="R00008", start=START.date(), now=START
        )

        with pytest.raises(NotIndependent):
            issues.fail_verification(city, issue_ids=[key], by=who(city, "R00008"), now=START, reason="–")

    def test_nor_a_deputy_who_fills_in_for_the_verifier(self, city: Session) -> None:
        key = an_issue(city, state="rectified", now=START)
        appointments.substitute(
            city,
            by=who(city, OFFICE),
            person_code=VERIFIER,
            deputy_code=HANDLER,
            start=START.date(),
            end=START.date(),
            now=START,
        )

        with pytest.raises(NotIndependent):
            issues.pass_verification(city, issue_ids=[key], by=who(city, HANDLER), now=START)

    def test_nor_the_streets_own_verifier_when_the_street_did_the_work(self, city: Session) -> None:
        key = an_issue(city, now=START)
        issues.assign(city, issue_ids=[key], by=who(city, OFFICE), now=START, to="T510302001")
        issues.sign_in(city, issue_ids=[key], by=who(city, "R00015"), now=START)
        issues.submit(city, issue_ids=[key], by=who(city, "R00015"), now=START, result="ok", evidence=[PHOTO])

        with pytest.raises(NotIndependent):
            issues.pass_verification(city, issue_ids=[key], by=who(city, "R00022"), now=START)
        issues.pass_verification(city, issue_ids=[key], by=who(city, DISTRICT_VERIFIER), now=START)

    def test_another_districts_people_may_do_nothing_here(self, city: Session) -> None:
        key = an_issue(city, state="rectified", now=START)

        with pytest.raises(ActionNotAllowed):
            issues.comment(city, issue_ids=[key], by=who(city, "R00030"), now=START, text="?")


class TestPromise8TheRecordIsSealed:
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE issue_event SET reason = 'x' WHERE seq = 1",
            "DELETE FROM issue_event WHERE seq = 1",
            "TRUNCATE issue_event CASCADE",
        ],
    )
    def test_the_database_refuses_to_change_an_event(self, city: Session, statement: str) -> None:
        an_issue(city, now=START)

        with pytest.raises(DBAPIError, match="append-only"):
            city.connection().execute(text(statement))

    def test_an_untouched_record_verifies(self, city: Session) -> None:
        lines = self._record(city)

        assert seal.verify(lines).alteration is None

    @pytest.mark.parametrize("name", ["reason", "actor", "at", "facts", "to_state", "seq"])
    def test_one_changed_word_is_named(self, city: Session, name: str) -> None:
        lines = self._record(city)
        event = next(line for line in lines if line["type"] == "event" and line["seq"] == 3)
        event[name] = 99 if name == "seq" else {"x": 1} if name == "facts" else "x"

        found = seal.verify(lines).alteration

        assert found is not None
        assert (found.number, found.seq) == ("ZG-2026-000001", 3)

    def test_a_removed_event_is_named(self, city: Session) -> None:
        lines = [line for line in self._record(city) if line.get("seq") != 2]

        found = seal.verify(lines).alteration
        assert found is not None
        assert found.seq == 2

    def test_a_cut_off_end_is_named(self, city: Session) -> None:
        lines = self._record(city)
        last = max(line["seq"] for line in lines if line["type"] == "event")

        found = seal.verify([line for line in lines if line.get("seq") != last]).alteration
        assert found is not None
        assert found.what == "the last events are missing or made anew"

    def test_an_issue_taken_out_as_a_whole_does_not_fit_the_seal_of_the_day(self, city: Session) -> None:
        lines = self._record(city)
        found = seal.verify([line for line in lines if line.get("number") != "ZG-2026-000002"]).alteration

        assert found is not None
        assert found.number == "2026-11-04"

    @staticmethod
    def _record(city: Session) -> list[dict]:
        an_issue(city, state="verified", now=START)
        an_issue(city, state="assigned", now=START)
        seal.seal_day(city, now=START + timedelta(days=3))
        return list(seal.record_lines(city))
