"""Reading editions: one as a tree with all beside it, all of them with which is in force, the city's own first."""

from datetime import UTC, date, datetime

import pytest

from models.errors import NotFound
from models.scoring.rules import Effect
from models.standard import EvaluationSystem, EvaluationVersion
from services.findings import current_version
from services.systems.reading import editions_in_force, system_of, systems
from tests.services.systems.test_bringing import a_round

TODAY = date(2026, 11, 23)


def add(session, code, system="civil", day=TODAY):
    session.add(EvaluationVersion(code=code, system_code=system, name=code, valid_from=day))
    session.flush()


def test_an_edition_is_a_tree_with_what_stands_beside_it(small):
    edition = system_of(small, "V1")

    tree = {one.code: {c.code: [s.code for s in c.standards] for c in one.contents} for one in edition.tree}
    assert tree == {"01": {"0101": ["01-01"], "0102": []}, "02": {"0201": ["12-01"]}}
    assert [(one.code, str(one.weight)) for one in edition.modules] == [("on_site", "0.7"), ("online_filing", "0.3")]
    assert list(map(str, edition.years)) == ["0.15", "0.25", "0.6"]
    assert [(one.code, one.effect) for one in edition.negative] == [("crime", Effect.VETO), ("media", Effect.DEDUCT)]
    assert [(one.module, one.least) for one in edition.preconditions] == [("minors", 85)]
    assert [(one.area, one.name) for one in edition.counties] == [("510302", "自流井区")]
    assert (edition.look_back_months, str(edition.counties_share)) == (12, "0.1")


def test_a_content_that_names_no_module_is_measured_on_site(small):
    contents = {one.code: one.measured_by for item in system_of(small, "V1").tree for one in item.contents}

    assert contents == {"0101": "on_site", "0102": "online_filing", "0201": "on_site"}


@pytest.mark.parametrize("code", ["V9", "V1\x00", ""])
def test_an_edition_that_is_not_there_is_not_found(small, code):
    with pytest.raises(NotFound):
        system_of(small, code)


def test_the_newest_edition_that_has_begun_is_in_force(small):
    add(small, "V2", day=date(2026, 6, 1))
    add(small, "V3", day=date(2027, 1, 1))

    (system,) = systems(small, today=TODAY)

    assert [(one.code, one.in_force, one.coming) for one in system.editions] == [
        ("V3", False, True),
        ("V2", True, False),
        ("V1", False, False),
    ]
    assert editions_in_force(small, today=date(2026, 5, 31)) == {"civil": "V1"}


def test_an_edition_in_a_list_tells_what_it_holds_and_who_uses_it(small):
    a_round(small)

    edition = systems(small, today=TODAY)[0].editions[0]

    assert (edition.items, edition.contents, edition.standards, edition.negative) == (2, 3, 2, 2)
    assert edition.use.rounds == 1


def test_what_names_no_system_is_of_the_first_one_though_another_has_a_newer_edition(small):
    small.add(EvaluationSystem(code="another", name="另一", position=5))
    small.flush()
    add(small, "A1", system="another", day=date(2026, 10, 1))

    assert current_version(small, now=datetime(2026, 11, 23, tzinfo=UTC)) == "V1"
