"""Shorthand for tests of delivery: a channel in memory, contacts, message rows, and how they stand."""

from collections.abc import Callable
from datetime import datetime
from threading import Lock

from sqlalchemy import Engine, text
from sqlmodel import Session, col, select

from models.message import Attempt, Message, Outcome
from models.unit import ChannelClass, Contact
from notifications.channels import Channels, Letter, Sent
from notifications.delivery import Counts, deliver
from tests.cast import MONDAY

ROBOT, PHONE, MAIL = "robot://one", "19900000001", "r00006@example.invalid"


class Memory:
    """Takes letters, or answers as it was told to for an address."""

    def __init__(self, **answers: list[Sent] | Callable[[], Sent]) -> None:
        self.letters: list[tuple[str, Letter]] = []
        self.answers = {}
        self._lock = Lock()

    def answer(self, address: str, *sent: Sent | BaseException) -> None:
        self.answers[address] = list(sent)

    def send(self, address: str, *, letter: Letter) -> Sent:
        with self._lock:
            self.letters.append((address, letter))
            told = self.answers.get(address)
            answer = told.pop(0) if told else Sent(Outcome.SENT, "250")
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def close(self) -> None:
        pass

    @property
    def addresses(self) -> list[str]:
        return [address for address, _ in self.letters]


def doors(memory: Memory) -> Channels:
    """All outside classes lead to the memory."""
    return Channels({"mail": memory, "sms": memory, "any_url": memory})


def run(engine: Engine, channels: Channels, *, now: datetime = MONDAY, limit: int = 200) -> Counts:
    return deliver(lambda: Session(engine, expire_on_commit=False), now=lambda: now, channels=channels, limit=limit)


def a_contact(session: Session, person: str, channel: str, address: str, *, position: int = 0, **more) -> None:
    given = {"verified_at": MONDAY, **more}
    row = Contact(person_code=person, channel=ChannelClass(channel), address=address, position=position, **given)
    session.add(row)
    session.commit()


def a_message(session: Session, *, now: datetime = MONDAY, **fields) -> int:
    """One row of the outbox, by default to the handler of D-CGJ by mail."""
    given = {
        "key": f"test-{fields.get('post_code')}-{fields.get('n', 0)}-{fields.get('kind', '')}",
        "kind": "watchdog",
        "why": "unit.handler",
        "channels": ["app", "mail"],
        "facts": {"problems": ["x"]},
        "not_before": now,
        "created_at": now,
        **{name: value for name, value in fields.items() if name != "n"},
    }
    if "person_code" not in given:
        given.setdefault("post_code", "D-CGJ:handler")
    message = Message(**given)
    session.add(message)
    session.commit()
    return message.id


def stands(session: Session, key: int) -> Message:
    session.rollback()
    return session.exec(select(Message).where(Message.id == key).execution_options(populate_existing=True)).one()


def tries(session: Session, key: int) -> list[tuple[str, str]]:
    """The attempts of a message: address and outcome, in order."""
    session.rollback()
    query = select(Attempt).where(Attempt.message_id == key).order_by(col(Attempt.id))
    rows = session.exec(query.execution_options(populate_existing=True))
    return [(row.address, row.outcome.value) for row in rows]


def forget_claims(session: Session, minutes: int) -> None:
    """Make every claim so many minutes older, by the database's own clock."""
    session.connection().execute(
        text("UPDATE message SET claimed_at = claimed_at - make_interval(mins => :m) WHERE state = 'sending'"),
        {"m": minutes},
    )
    session.commit()
