"""A test message to one address: what can never work is refused before anything is sent or put on record."""

import pytest
from sqlmodel import Session, select

from models.errors import WrongValue
from models.outbox import OutboxAct
from services.trials import try_channel
from tests.cast import MONDAY
from tests.notifications.desk import Memory, doors

ADMINISTRATOR = "R00005"


def trial(sessions, memory: Memory, address: str):
    return try_channel(sessions, doors(memory), channel=None, address=address, by=ADMINISTRATOR, lang="en", now=MONDAY)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("wecombot://", "wecombot://KEY"),
        ("feishu://token?form=poem", "form= one of card, text"),
        ("smsgates://host/path", "a phone number in the path, or to="),
        ("nosuch://host", "a URL that Apprise knows"),
    ],
)
def test_a_url_that_can_never_work_is_refused_with_what_is_wrong(city: Session, sessions, url, expected):
    memory = Memory()
    with pytest.raises(WrongValue) as told:
        trial(sessions, memory, url)

    assert (told.value.params["field"], told.value.params["expected"]) == ("to", expected)
    assert memory.letters == []
    assert city.exec(select(OutboxAct)).all() == []


def test_the_refusal_tells_no_token(city: Session, sessions):
    with pytest.raises(WrongValue) as told:
        trial(sessions, Memory(), "wecombot://693a91f6-7aaa-4bc4?form=poem")

    assert "693a91f6" not in str(told.value.params)


def test_one_that_can_work_is_sent(city: Session, sessions):
    memory = Memory()
    trial(sessions, memory, "wecombot://key")

    assert memory.addresses == ["wecombot://key"]
