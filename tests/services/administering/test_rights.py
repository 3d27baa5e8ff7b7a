"""Who may change what; what only the operator may."""

from dataclasses import replace

import pytest

from models.errors import ActionNotAllowed
from models.rights import SYSTEM
from services.administering import Edit, FileEdit, held_pack, must_export, propose, propose_pack, right_of
from tests.services.administering.desk import BOSS, LATER, OFFICE, VERIFIER, actor, done, shown

POINT = Edit("points", "P-0001", {"address": "x"})
CONTACT = Edit("contacts", "R1~mail~r1@example.invalid", {"position": "2"})
RULES = FileEdit("rules/policy.toml", "")
DISTRICT, SUBSTITUTE = "R5", "R2"


@pytest.fixture
def district(small):
    """Somebody who sits in the office of one district alone."""
    done(
        small,
        Edit("persons", None, {"code": DISTRICT, "name": "区里"}),
        Edit("tenures", None, {"post_code": "510302:office", "person_code": DISTRICT, "valid_from": "2026-11-01"}),
    )
    return small


@pytest.mark.parametrize("edit", [POINT, CONTACT, RULES, Edit("persons", "R1", {"name": "x"})])
def test_who_has_no_such_post_changes_nothing(small, edit):
    with pytest.raises(ActionNotAllowed):
        shown(small, edit, by=VERIFIER)


def test_a_substitute_does_what_the_office_may_do(small):
    assert shown(small, POINT, by=SUBSTITUTE).is_ready


def test_the_citys_office_edits_the_city_but_not_how_people_are_reached(small):
    assert shown(small, POINT, by=OFFICE).is_ready
    with pytest.raises(ActionNotAllowed):
        shown(small, CONTACT, by=OFFICE)
    with pytest.raises(ActionNotAllowed):
        shown(small, POINT, CONTACT, by=OFFICE)
    with pytest.raises(ActionNotAllowed):
        shown(small, FileEdit("contacts.csv", ""), by=OFFICE)


def test_only_who_may_see_contacts_takes_the_whole_pack_out(small):
    must_export(small, actor(small, BOSS))
    with pytest.raises(ActionNotAllowed):
        must_export(small, actor(small, OFFICE))


def test_a_pack_with_other_contacts_is_for_who_manages_them(small):
    pack = held_pack(small)

    assert not propose_pack(small, pack, actor=actor(small, OFFICE), now=LATER).changes
    with pytest.raises(ActionNotAllowed):
        propose_pack(small, replace(pack, contacts=()), actor=actor(small, OFFICE), now=LATER)


class TestADistrictsOffice:
    def test_hands_over_posts_in_its_district(self, district):
        edits = [
            Edit("tenures", "510302:inspector~R4~2024-01-01", {"valid_to": "2026-11-30"}),
            Edit("tenures", None, {"post_code": "510302:inspector", "person_code": "R2", "valid_from": "2026-12-01"}),
        ]

        assert done(district, *edits, by=DISTRICT).number

    @pytest.mark.parametrize("post", ["510371:inspector", "5103:inspector", "D-CGJ:handler", "nowhere:office"])
    def test_nor_posts_elsewhere(self, district, post):
        edit = Edit("tenures", None, {"post_code": post, "person_code": DISTRICT, "valid_from": "2026-12-01"})

        with pytest.raises(ActionNotAllowed):
            shown(district, edit, by=DISTRICT)

    def test_names_a_substitute_only_for_who_serves_there_alone(self, district):
        given = {"deputy_code": "R2", "valid_from": "2026-12-01", "valid_to": "2026-12-02"}

        assert done(district, Edit("deputies", None, {"person_code": DISTRICT, **given}), by=DISTRICT).number
        with pytest.raises(ActionNotAllowed):
            shown(district, Edit("deputies", None, {"person_code": "R3", **given}), by=DISTRICT)

    def test_changes_no_other_table(self, district):
        with pytest.raises(ActionNotAllowed):
            shown(district, POINT, by=DISTRICT)


def test_the_operators_shell_may_everything(small):
    assert propose(small, [POINT, CONTACT], actor=SYSTEM, now=LATER).is_ready


def test_contacts_have_a_right_of_their_own():
    assert (right_of("contacts"), right_of("points")) == ("manage_contacts", "manage_city")
