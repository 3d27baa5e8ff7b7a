"""Everything that is shown has its words in both languages."""

from datetime import date
from decimal import Decimal

from models.scoring import changes, negative, number, questionnaire, ranking, terms, yearly
from models.scoring.appraisal import Beside, Incident, unit_scores
from models.scoring.filing import Filed, filing_score
from models.scoring.on_site import RoundScore, compliance, place_score, point_scores, year_score
from tests.models.scoring.rows import MET, NOT_MET, OPEN, case, document, rules, seen


def every_number() -> list[number.Number]:
    """One of each figure that our functions make."""
    points = point_scores([seen("P", "09-01", "1", NOT_MET), seen("P", "09-02", "1", MET)], rules=rules())
    on_site = place_score(points.values(), of="city", rules=rules())
    filing = filing_score([Filed(1, "W", Decimal(1), "accepted")], of="city", rules=rules())
    answers = [questionnaire.Answer(n, "awareness", "aware") for n in range(5)]
    survey = questionnaire.questionnaire_score(answers, of="city", rules=rules())
    modules = {"on_site": on_site, "online_filing": filing, "questionnaire": survey, "minors": on_site}
    annual = yearly.composed("annual", modules=modules, of="2026", rules=rules())
    mock = yearly.composed("mock", modules=modules, of="2026", rules=rules())
    hits = [negative.Hit(1, "media_exposure", date(2026, 1, 1))]
    after = negative.judged(annual, modules=modules, hits=hits, on=date(2026, 2, 1), rules=rules()).score
    cases = [
        case(state=OPEN, late=True),
        case(source="self_check"),
        case(repeated=True),
        case(),
        case(late=True),
    ]
    unit = unit_scores(cases, beside={"A": Beside((Incident(1, "A", "faking"),))}, rules=rules())["A"]
    return [
        after,
        mock,
        yearly.cycle([after], of="x", rules=rules()),
        yearly.co_created(after, counties={"C": after}, rules=rules()),
        year_score([RoundScore(1, "covert", on_site)], of="2026", rules=rules()),
        compliance(points.values(), of="city"),
        unit.score,
        *unit.rates.values(),
    ]


def test_every_figure_has_its_words() -> None:
    names = {one.name for whole in every_number() for one in number.walk(whole)}

    assert names <= set(terms.NUMBERS) | set(rules().names)
    assert set(terms.NUMBERS) <= names | {"satisfaction", "round"}  # these two are made by services


def test_every_way_of_making_a_figure_has_its_words() -> None:
    assert {how.value for how in number.How} == set(terms.HOW)


def test_every_note_and_reason_has_its_words() -> None:
    assert {questionnaire.TOO_SMALL, yearly.INCOMPLETE} == set(terms.NOTES)
    assert {standing.value for standing in negative.Standing} == set(terms.STANDINGS)
    assert {ranking.NO_CASES, ranking.TOO_FEW, ranking.NO_SCORE} == set(terms.NO_PLACES)
    whys = (changes.NEW, changes.GONE, changes.OTHER_GROUP, changes.OTHER_FORMULA, changes.NO_PLACE)
    assert set(whys) == set(terms.CHANGES)


def test_figures_whose_rows_are_no_issues_are_told() -> None:
    assert set(terms.ROWS) <= set(terms.NUMBERS)


def test_words_are_there_in_both_languages() -> None:
    several = (terms.NUMBERS, terms.HOW, terms.NOTES, terms.STANDINGS, terms.NO_PLACES, terms.CHANGES)

    assert all(chinese and english for words in several for chinese, english in words.values())
    assert all(set(names) == {"zh", "en"} for names in document()["names"].values())
