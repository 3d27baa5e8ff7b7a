"""The words of the outbox are complete."""

from models.outbox import Operation
from models.outbox_terms import MESSAGE_KINDS, OPERATIONS
from notifications.kinds import KINDS


def test_every_kind_of_message_has_its_words() -> None:
    assert set(KINDS) <= set(MESSAGE_KINDS)


def test_everything_that_an_operator_does_has_its_words() -> None:
    assert set(OPERATIONS) == set(Operation)
