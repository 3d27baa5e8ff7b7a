"""Signing: a leader of the unit, once, for the letter that holds; two at once; who fills in."""

from datetime import date
from threading import Barrier, Thread

import pytest
from sqlmodel import Session, select

from models.errors import ActionNotAllowed, DubanError, NotFound
from models.task_letter import LetterAct, TaskLetter, TaskLetterEvent
from models.unit import Deputy
from services.tasks import signing
from services.tasks.errors import AlreadySigned, LetterReplaced
from tests.cast import DEPUTY, DIRECT, DISTRICT_OFFICE, HANDLER, MONDAY, OFFICE, OUTSIDER, PRINCIPAL, VERIFIER, who
from tests.services.tasks.desk import acts, issued, letter_of, sign, task_of


@pytest.fixture
def number(city: Session) -> str:
    return issued(city, "D-CGJ")[0].number


@pytest.mark.parametrize("leader", [DIRECT, DEPUTY, PRINCIPAL])
def test_any_leader_of_the_unit_signs_and_it_is_on_record(city: Session, number: str, leader: str) -> None:
    letter = sign(city, number, by=leader)
    assert (letter.signed_by, letter.signed_at) == (leader, MONDAY)
    assert acts(city, number) == ["issued", "signed"]


@pytest.mark.parametrize("other", [HANDLER, OFFICE])
def test_a_handler_and_the_office_see_it_but_do_not_sign(city: Session, number: str, other: str) -> None:
    with pytest.raises(ActionNotAllowed):
        sign(city, number, by=other)


@pytest.mark.parametrize("stranger", [OUTSIDER, DISTRICT_OFFICE, "R00024"])
def test_who_may_not_see_a_letter_learns_nothing_of_it(city: Session, number: str, stranger: str) -> None:
    with pytest.raises(NotFound):
        sign(city, number, by=stranger)


def test_asked_again_by_the_same_person_nothing_happens(city: Session, number: str) -> None:
    sign(city, number, by=DIRECT)
    sign(city, number, by=DIRECT)
    assert acts(city, number) == ["issued", "signed"]


def test_another_leader_is_told_who_signed(city: Session, number: str) -> None:
    sign(city, number, by=DIRECT)
    with pytest.raises(AlreadySigned, match="胡思齐"):
        sign(city, number, by=DEPUTY)


def test_a_replaced_letter_names_the_one_to_sign(city: Session, number: str) -> None:
    task_of(city, "P-0001").person_code = "R00006"
    city.commit()
    issued(city, "D-CGJ")
    with pytest.raises(LetterReplaced, match="自任〔2026〕2号"):
        sign(city, number, by=DIRECT)
    assert sign(city, "自任〔2026〕2号", by=DIRECT).signed_by == DIRECT


def test_who_fills_in_signs_for_somebody(city: Session, number: str) -> None:
    span = {"valid_from": date(2026, 11, 1), "valid_to": date(2026, 11, 30)}
    city.add(Deputy(person_code=DIRECT, deputy_code=VERIFIER, **span))
    city.commit()
    sign(city, number, by=VERIFIER)
    event = city.exec(select(TaskLetterEvent).where(TaskLetterEvent.act == LetterAct.SIGNED)).one()
    assert (event.who, event.on_behalf_of) == (VERIFIER, DIRECT)


def test_nonsense_in_place_of_a_number_is_no_letter(city: Session) -> None:
    for written in ("", "\x00", "自任〔2026〕9号", "' OR 1=1"):
        with pytest.raises(NotFound):
            sign(city, written, by=DIRECT)


def test_of_two_leaders_who_sign_at_once_one_is_told_of_the_other(city: Session, number: str, sessions) -> None:
    both, ends = Barrier(2), []

    def one(leader: str) -> None:
        with sessions() as session:
            actor = who(session, leader)
            both.wait(timeout=20)
            try:
                signing.sign(session, number, by=actor, now=MONDAY)
                session.commit()
                ends.append("signed")
            except DubanError as error:
                ends.append(error.code)

    threads = [Thread(target=one, args=(leader,)) for leader in (DIRECT, DEPUTY)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(ends) == sorted(["signed", AlreadySigned.code])
    assert letter_of(city, "D-CGJ").signed_by in (DIRECT, DEPUTY)
    assert len(city.exec(select(TaskLetter)).all()) == 1
