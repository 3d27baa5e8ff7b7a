"""The table of fields and the lifecycle table agree."""

import pytest

from models.lifecycle import BY_ACTION, Action
from services.offers import NOT_FOR_PAGES
from web.issue.fields import FIELDS, Kind, fields_of
from web.issue.words import action, hint, labels


@pytest.mark.parametrize("of", [one for one in Action if one not in NOT_FOR_PAGES])
def test_what_must_be_supplied_has_a_field(of: Action):
    assert BY_ACTION[of].needs <= {one.name for one in fields_of(of)}


@pytest.mark.parametrize("of", list(FIELDS))
def test_every_field_has_a_label_and_every_action_a_word(of: Action):
    assert all(labels(one.name, of) for one in fields_of(of) if one.kind is not Kind.YES)
    assert action(of)
    assert isinstance(hint(of), str)
