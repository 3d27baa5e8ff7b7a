"""What an edition states goes before the city's rules of scoring, worked by hand.

annual by the edition: 0.3 × 92.5 (filing) + 0.7 × 88 (on-site) = 27.75 + 61.6 = 89.35; by the city it is 91.40
"""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction as F

from models.scoring.number import counted
from models.scoring.yearly import composed
from services.systems.reading import frame_of, system_of
from services.systems.scoring import in_scoring
from services.systems.values import SystemVersion
from tests.models.scoring.rows import rules

MODULES = {
    "online_filing": counted("online_filing", F("92.5")),
    "on_site": counted("on_site", 88),
    "questionnaire": counted("questionnaire", 96),
}


def silent(edition: SystemVersion) -> SystemVersion:
    nothing = {"look_back_months": None, "counties_share": None}
    return replace(edition, modules=(), years=(), weights=(), negative=(), preconditions=(), **nothing)


def test_a_year_is_composed_of_the_editions_modules(small):
    mine = in_scoring(rules(), system_of(small, "V1"))

    assert composed("annual", modules=MODULES, of="5103", rules=rules()).exact == F("91.4")
    assert composed("annual", modules=MODULES, of="5103", rules=mine).exact == F("89.35")
    assert mine.compositions["mock"] == rules().compositions["mock"]


def test_its_standards_are_not_read_for_it(small):
    assert in_scoring(rules(), frame_of(small, "V1")) == in_scoring(rules(), system_of(small, "V1"))
    assert not frame_of(small, "V1").tree


def test_everything_else_that_it_states_goes_first_too(small):
    mine = in_scoring(rules(), system_of(small, "V1"))

    assert mine.cycle == (F("0.15"), F("0.25"), F("0.6"))
    assert (mine.on_site.weights, mine.counties_share, mine.look_back_months) == ({"12": 2}, F("0.1"), 12)
    assert (sorted(mine.negative), mine.negative["media"].most) == (["crime", "media"], 2)
    assert [(one.code, one.least) for one in mine.preconditions] == [("minors_gate", 85)]
    assert mine.names["media"] == ("媒体曝光", "Exposed")


def test_an_edition_that_states_nothing_leaves_the_citys_rules_and_their_version(small):
    assert in_scoring(rules(), silent(system_of(small, "V1"))) is rules()


def test_the_version_of_the_formula_changes_with_every_number_and_with_no_name(small):
    edition = system_of(small, "V1")
    heavier = replace(edition, years=(Decimal("0.2"), Decimal("0.2"), Decimal("0.6")))
    renamed = replace(edition, modules=[replace(one, name="别名") for one in edition.modules])

    version = in_scoring(rules(), edition).version
    assert version.startswith(f"{rules().version}+")
    assert in_scoring(rules(), heavier).version != version
    assert in_scoring(rules(), renamed).version == version
