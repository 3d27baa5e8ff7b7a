"""What a survey came to, by hand; what counts in scores, and what does not."""

from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import Session, select

from models.area import Area
from models.scoring.questionnaire import questionnaire_score
from models.survey import Audience, SurveyRound, SurveySign
from services.scores.formula import in_force
from services.surveys import answering, signs
from services.surveys.answering import Said
from services.surveys.forms import BadForm, check_counted, parse_form, read_form
from services.surveys.reading import survey_answers
from services.surveys.results import Results, results
from tests.cast import MONDAY, OFFICE, at, who
from tests.services.surveys.field import FORM, GOOD, a_field, a_survey, ask, places_of


def asked(
    session: Session, round_: SurveyRound, *said: str, audience: Audience = Audience.HOUSEHOLD, at_place: int = 0
):
    """So many interviews at one place, with these answers about satisfaction."""
    place = places_of(session, round_)[at_place]
    for n, answer in enumerate(said):
        ask(session, place, key=f"{audience}{at_place}{n}", audience=audience, satisfaction=answer)


def found(session: Session, round_: SurveyRound, area: str = "5103") -> Results:
    return results(session, round_, session.get_one(Area, area), rules=in_force(session))


def test_households_and_raters_weigh_as_the_rules_say_by_hand(city: Session) -> None:
    """Households: (3 × 1 + 1 × 0.6) ÷ 5 = 0.72; raters: 1 ÷ 2 = 0.5; 0.7 × 0.72 + 0.3 × 0.5 = 0.654."""
    a_field(city)
    round_ = a_survey(city)
    asked(city, round_, *["satisfied"] * 3, "fairly_satisfied", "dissatisfied")
    asked(city, round_, "satisfied", "dissatisfied", audience=Audience.RATER)

    figure = found(city, round_).whole.figures["satisfaction"]

    assert (figure.n, figure.rate) == (7, Decimal("65.40"))
    assert figure.low is not None
    assert figure.low < figure.rate < figure.high


@pytest.mark.parametrize(("n", "too_small"), [(4, True), (5, False)])
def test_fewer_than_five_answers_show_n_and_no_rate(city: Session, n: int, too_small: bool) -> None:
    a_field(city)
    round_ = a_survey(city)
    asked(city, round_, *["satisfied"] * n)

    figure = found(city, round_).whole.figures["satisfaction"]

    assert (figure.n, figure.too_small, figure.rate is None) == (n, too_small, too_small)


def test_each_place_has_its_own_figures(city: Session) -> None:
    a_field(city)
    round_ = a_survey(city)
    asked(city, round_, *["satisfied"] * 5, at_place=0)
    asked(city, round_, *["dissatisfied"] * 6, at_place=5)

    parts = found(city, round_).parts

    assert [(one.code, one.figures["satisfaction"].n, one.figures["satisfaction"].rate) for one in parts] == [
        ("510302", 5, Decimal("100.00")),
        ("510303", 6, Decimal("0.00")),
    ]


def test_the_public_is_shown_apart_and_counts_for_nothing(city: Session) -> None:
    a_field(city)
    round_ = a_survey(city)
    asked(city, round_, *["satisfied"] * 5)
    before = questionnaire_score(survey_answers(city, year=2026, area_code="5103"), of="x", rules=in_force(city))
    the_public(city, round_, "dissatisfied", 50)

    shown = found(city, round_)

    assert (shown.whole.figures["satisfaction"].n, shown.whole.figures["satisfaction"].rate) == (5, Decimal("100.00"))
    assert (shown.public.figures["satisfaction"].n, shown.public.figures["satisfaction"].rate) == (50, Decimal("0.00"))
    after = questionnaire_score(survey_answers(city, year=2026, area_code="5103"), of="x", rules=in_force(city))
    assert after.exact == before.exact


def the_public(session: Session, round_: SurveyRound, answer: str, n: int) -> None:
    signs.make_signs(session, round_, ["5103"], by=who(session, OFFICE), now=MONDAY)
    sign = session.exec(select(SurveySign).where(SurveySign.round_id == round_.id)).one()
    for k in range(n):
        said = Said({**GOOD, "satisfaction": answer}, f"public{k}")
        answering.answer(session, sign, said, device=f"{k}", now=MONDAY)


def test_a_corrected_interview_counts_once_as_it_was_corrected(city: Session) -> None:
    a_field(city)
    round_ = a_survey(city)
    asked(city, round_, *["satisfied"] * 4)
    wrong = ask(city, places_of(city, round_)[0], key="w", satisfaction="dissatisfied")
    answering.correct(city, wrong.id, Said(GOOD, "c"), why="勾错了", by=who(city, OFFICE), now=MONDAY)

    figure = found(city, round_).whole.figures["satisfaction"]

    assert (figure.n, figure.rate) == (5, Decimal("100.00"))


def test_it_is_compared_with_the_survey_before(city: Session) -> None:
    a_field(city)
    first = a_survey(city, opens_on=date(2026, 8, 1), closes_on=date(2026, 11, 2))
    asked(city, first, *["dissatisfied"] * 20)
    second = a_survey(city)
    asked(city, second, *["satisfied"] * 20)

    shown = found(city, second)

    assert shown.before is not None
    now, before = shown.whole.figures["satisfaction"], shown.before[1].figures["satisfaction"]
    assert (shown.before[0].code, now.change(before), now.is_clear(before)) == (first.code, Decimal("100.00"), True)
    assert found(city, first).before is None


def test_a_difference_that_may_be_chance_is_none(city: Session) -> None:
    a_field(city)
    first = a_survey(city, opens_on=date(2026, 8, 1), closes_on=date(2026, 11, 2))
    asked(city, first, *["satisfied"] * 5, "dissatisfied")
    second = a_survey(city)
    asked(city, second, *["satisfied"] * 6)

    shown = found(city, second)

    assert shown.before is not None
    assert not shown.whole.figures["satisfaction"].is_clear(shown.before[1].figures["satisfaction"])


def test_answers_of_questions_that_do_not_count_are_shown_too(city: Session) -> None:
    a_field(city)
    round_ = a_survey(city)
    asked(city, round_, "satisfied", "satisfied")

    shares = {(one.question.code, one.audience.value): dict(one.counts) for one in found(city, round_).shares}

    assert shares["first", "household"] == {"traffic": 2}


@pytest.mark.parametrize(("year", "area", "n"), [(2026, "5103", 3), (2026, "510303", 0), (2025, "5103", 0)])
def test_scores_read_the_answers_of_a_year_and_area(city: Session, year: int, area: str, n: int) -> None:
    a_field(city)
    asked(city, a_survey(city), "satisfied")

    answers = list(survey_answers(city, year=year, area_code=area))

    assert sorted({one.question for one in answers}) == (["awareness", "satisfaction", "support"] if n else [])
    assert len(answers) == n


@pytest.mark.parametrize(
    "broken",
    [
        b"name = 1",
        b"\xff",
        FORM.replace(b'name = "', b'nom = "', 1),
        FORM.replace(b'code = "support"', b'code = "awareness"'),
        FORM.replace(b'code = "aware"', b'code = "Aware!"'),
        FORM.replace(b'text_en = "Yes"', b'text_en = ""'),
        FORM.replace(b'["household", "public"]', b'["everybody"]'),
        FORM.replace(b'{ code = "does_not", text = "\xe4\xb8\x8d\xe6\x94\xaf\xe6\x8c\x81", text_en = "No" },', b""),
    ],
)
def test_a_questionnaire_that_nobody_can_be_asked_with_is_told(broken: bytes) -> None:
    parse_form(read_form(FORM))

    with pytest.raises(BadForm):
        parse_form(read_form(broken))


def test_an_answer_that_would_count_for_nothing_keeps_a_survey_from_beginning(city: Session) -> None:
    changed = FORM.replace(b'code = "fairly_satisfied"', b'code = "so_so"')

    with pytest.raises(BadForm, match="so_so"):
        check_counted(parse_form(read_form(changed)), in_force(city))


def test_an_interview_of_last_year_is_of_last_year(city: Session) -> None:
    a_field(city)
    round_ = a_survey(city, opens_on=date(2025, 12, 1), closes_on=date(2026, 1, 10))
    ask(city, places_of(city, round_)[0], key="1", now=at("2026-01-05 10:00"))

    assert len(list(survey_answers(city, year=2025, area_code="5103"))) == 3
