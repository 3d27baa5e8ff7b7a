"""Words that nobody sees are none, at the one door, whichever way they come."""

import pytest
from sqlmodel import Session

from models.errors import MissingInput
from services import issues
from services.commands import is_blank
from tests.cast import HANDLER, MONDAY, an_issue, read, who


@pytest.mark.parametrize("text", ["", " \n\t", "\u3000", "\u200b\u2060", "\ufeff", "\u202e\u202c", "\u00ad", "\x01"])
def test_nobody_sees_anything_of_it(text: str):
    assert is_blank(text)


@pytest.mark.parametrize("text", ["0", "。", "\u200b好", "👩\u200d🔧", "مرحبا"])
def test_there_is_something_to_read(text: str):
    assert not is_blank(text)


def test_a_reason_of_no_width_is_no_reason(city: Session):
    key = an_issue(city, state="assigned")
    with pytest.raises(MissingInput):
        issues.give_back(city, issue_ids=[key], reason="\u200b", by=who(city, HANDLER), now=MONDAY)
    assert read(city, key).state == "assigned"
