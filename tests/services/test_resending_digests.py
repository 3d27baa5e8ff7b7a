"""A digest of which nobody knows whether it arrived is said again with all that lay in it, and only once.

One that clearly failed needs no such thing: what lay in it has gone its own way.
"""

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from models.message import Message, Outcome
from models.message import MessageState as S
from notifications.channels import Sent
from services.resending import MayDouble, resend, resend_all
from tests.cast import MONDAY, OFFICE, an_issue, at, who
from tests.notifications.desk import MAIL, Memory, doors, run, stands

DOUBT = Sent(Outcome.UNKNOWN, "lost")
NOW = at("2026-11-09 10:00")


def digests(city: Session) -> list[Message]:
    city.rollback()
    return list(city.exec(select(Message).where(Message.kind == "digest").order_by(Message.id)))


@pytest.fixture
def lost(city: Session, engine) -> Message:
    """A digest about six issues, of which nobody knows whether it arrived."""
    for _ in range(6):
        an_issue(city, state="assigned", now=MONDAY)
    city.connection().execute(text("DELETE FROM message WHERE post_code IS DISTINCT FROM 'D-CGJ:handler'"))
    city.commit()
    memory = Memory()
    memory.answer(MAIL, DOUBT)
    run(engine, doors(memory), now=NOW)
    (digest,) = digests(city)
    assert digest.state is S.UNKNOWN
    return digest


def again(city: Session, digest: Message, **more) -> int:
    new = resend(city, digest.id, by=who(city, OFFICE), now=NOW, **{"sure": True, **more})
    city.commit()
    return new


def test_it_lists_the_same_issues(city: Session, engine, lost: Message):
    new = again(city, lost)
    memory = Memory()
    run(engine, doors(memory), now=NOW)

    ((address, letter),) = memory.letters
    assert address == MAIL
    assert letter.title == "【汇总】6件事项待查看"
    assert sum(line.startswith("ZG-2026-") for line in letter.body.splitlines()) == 6
    assert stands(city, new).state is S.SENT


def test_what_lay_in_it_lies_in_the_new_one(city: Session, lost: Message):
    new = again(city, lost)

    bundled = city.exec(select(Message.bundle_id).where(Message.state == S.BUNDLED)).all()
    assert set(bundled) == {new}
    assert stands(city, lost.id).state is S.UNKNOWN


def test_somebody_must_be_sure(city: Session, lost: Message):
    with pytest.raises(MayDouble):
        again(city, lost, sure=False)


def test_all_of_a_channel_takes_digests_along_and_each_once(city: Session, engine, lost: Message):
    given = {"by": who(city, OFFICE), "now": NOW, "channel": "mail", "states": [S.UNKNOWN], "sure": True}
    (new,) = resend_all(city, **given)
    city.commit()
    assert resend_all(city, **given) == []
    city.commit()

    memory = Memory()
    run(engine, doors(memory), now=NOW)
    assert len(memory.letters) == 1
    assert stands(city, new).state is S.SENT
