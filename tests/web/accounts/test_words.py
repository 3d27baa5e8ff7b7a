"""Every refusal of the log-in is said in the reader's language."""

import pytest

from models.errors import DubanError
from runtime.i18n import gettext, using
from services.accounts import errors
from services.demo import NotADemo
from web.accounts.providers.base import NotShown
from web.accounts.words import FROM_SERVICES

OURS = [one for one in vars(errors).values() if isinstance(one, type) and one.__module__ == errors.__name__]


@pytest.mark.parametrize("error", [*OURS, NotADemo, NotShown])
def test_each_refusal_is_marked_and_translated(error: type[DubanError]) -> None:
    assert error.template in FROM_SERVICES
    with using("zh-CN"):
        assert gettext(error.template) != error.template
