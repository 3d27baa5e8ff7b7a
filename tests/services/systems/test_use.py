"""An edition that records rest on stays as it is, whichever way somebody comes: a pack that is loaded, an edit."""

import pytest

from models.standard import Standard
from services.administering import Edit
from services.cities import load, plan, read_pack
from services.systems.errors import EditionInUse
from services.systems.use import Use, uses
from tests.services.administering.desk import done
from tests.services.administering.desk import shown as proposed
from tests.services.cities.packs import NOW, replace, write_pack
from tests.services.systems.editions import write_whole
from tests.services.systems.test_bringing import a_round


def a_pack(tmp_path, *change):
    return read_pack(write_whole(tmp_path / "changed", change=change or None))


def test_what_rests_on_an_edition_is_counted(small):
    a_round(small)

    assert uses(small, ["V1", "V9"]) == {"V1": Use(rounds=1), "V9": Use()}


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("checklist/standards.csv", "Ads,0.5", "Ads,0.6"),
        ("checklist/weights.csv", "V1,12,2", "V1,12,3"),
        ("checklist/negative.csv", "deduct,0.5,2", "deduct,0.5,3"),
        ("checklist/items.csv", "V1,02,市场环境,Market\n", "V1,02,市场环境,Market\nV1,03,新,New\n"),
        ("checklist/versions.csv", "2026-01-01", "2026-02-01"),
    ],
)
def test_loading_a_pack_that_says_otherwise_is_refused_and_so_is_its_dry_run(small, tmp_path, file, old, new):
    changed = a_pack(tmp_path, file, old, new)
    plan(small, changed, now=NOW)
    a_round(small)

    for way in (plan, load):
        with pytest.raises(EditionInUse):
            way(small, changed, now=NOW)


def test_words_in_english_and_who_leads_may_change(small, tmp_path):
    a_round(small)

    old, new = "Ads,0.5,publicity,observe,S3,D-CGJ", "Posters,0.5,publicity,observe,S3,T510302"
    load(small, a_pack(tmp_path, "checklist/standards.csv", old, new), now=NOW)

    standard = small.get_one(Standard, ("V1", "01-01"))
    assert (standard.text_en, standard.lead) == ("Posters", "T510302")


def test_an_edition_in_use_that_stated_nothing_is_completed_by_the_next_pack(session, tmp_path):
    load(session, read_pack(write_pack(tmp_path / "before")), now=NOW)
    a_round(session)
    whole = read_pack(write_whole(tmp_path / "after", change=("checklist/standards.csv", "photo,1", "photo,0")))

    load(session, whole, now=NOW)

    assert plan(session, whole, now=NOW).is_empty
    replace(tmp_path / "after" / "checklist/years.csv", "V1,3,0.6\n", "V1,3,0.3\nV1,4,0.3\n")
    with pytest.raises(EditionInUse):
        load(session, read_pack(tmp_path / "after"), now=NOW)


def test_an_edit_of_an_edition_in_use_is_refused(small):
    a_round(small)
    edit = Edit("standards", "V1~01-01", {"deduction": "3"})

    assert proposed(small, edit).changes
    with pytest.raises(EditionInUse):
        done(small, edit)
