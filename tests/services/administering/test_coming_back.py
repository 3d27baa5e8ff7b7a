"""Rows that were ended, closed or switched off, and are there again."""

from datetime import date

import pytest
from sqlmodel import select

from models.administration import ChangeKind
from models.point import Point
from models.unit import Contact, Proof
from services import people
from services.administering import Edit, held_pack, row
from tests.services.administering.desk import LATER, TODAY, done, shown


class TestEndedRowsComeBack:
    def test_a_closed_point(self, small):
        before = row(small, "points", "P-0002")
        done(small, Edit("points", "P-0002", gone=True))
        assert small.get(Point, "P-0002").closed
        assert row(small, "points", "P-0002").ended

        seen = shown(small, Edit("points", None, before.cells))
        done(small, Edit("points", None, before.cells))

        assert [one.kind for one in seen.changes] == [ChangeKind.BACK]
        assert not small.get(Point, "P-0002").closed
        assert row(small, "points", "P-0002").cells == before.cells

    @pytest.mark.parametrize("verified", ["0", "1"])
    def test_an_address(self, small, verified):
        key = "R1~mail~r1@example.invalid"
        done(small, Edit("contacts", key, gone=True))
        contact = small.exec(select(Contact).where(Contact.person_code == "R1")).one()
        assert (contact.switched_off_at, contact.switched_off_why) == (LATER, "removed")

        cells = {"person_code": "R1", "channel": "mail", "address": "r1@example.invalid", "verified": verified}
        done(small, Edit("contacts", None, cells))

        contact = small.exec(select(Contact).where(Contact.person_code == "R1")).one()
        assert (contact.switched_off_at, contact.switched_off_why) == (None, None)
        assert bool(contact.verified_at) is (verified == "1")

    def test_a_tenure(self, small):
        key = "510302:office~R1~2024-01-01"
        done(small, Edit("tenures", key, gone=True))
        assert people.holders(small, "510302:office", today=date.fromisoformat(TODAY)) == []

        done(small, Edit("tenures", key, {"valid_to": ""}))

        assert people.holders(small, "510302:office", today=date.fromisoformat(TODAY)) == ["R1"]

    def test_a_tenure_taken_back_before_it_began_leaves_the_pack(self, small):
        given = {"post_code": "510302:office", "person_code": "R3", "valid_from": "2026-12-24"}
        done(small, Edit("tenures", None, given))
        done(small, Edit("tenures", "510302:office~R3~2026-12-24", gone=True))

        assert [one for one in held_pack(small).tenures if one.person_code == "R3" and one.valid_to] == []
        done(small, Edit("tenures", None, given))
        assert people.holders(small, "510302:office", today=date(2026, 12, 24)) == ["R1", "R3"]


def test_an_administrator_may_take_out_an_address_that_was_proved_by_a_code(small):
    contact = small.exec(select(Contact).where(Contact.person_code == "R1")).one()
    contact.proof = Proof.CODE
    small.commit()

    done(small, Edit("contacts", "R1~mail~r1@example.invalid", gone=True))

    assert small.exec(select(Contact).where(Contact.person_code == "R1")).one().switched_off_at == LATER
