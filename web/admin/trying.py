"""Trying rules on the past before they are put in force: what they would have done to the issues of the last month."""

import tomllib
from collections.abc import Sequence
from datetime import timedelta

from models.errors import WrongValue
from models.rules import Rules, parse_rules
from services.administering import FileEdit, Proposal
from services.cities.reading import RULES
from services.replay import ReplayCounts, replay
from web.admin.carrying import AnyEdit
from web.admin.proposing import text_of
from web.deps import Desk

PERIOD = timedelta(days=30)


def replayed(here: Desk, edits: Sequence[AnyEdit], proposal: Proposal) -> ReplayCounts | None:
    """What the new rules would have done; None where they cannot be tried yet."""
    if proposal.bad_cells or proposal.new_errors:
        return None
    rules = _rules(here, edits)
    return replay(here.session, rules, start=here.now - PERIOD, end=here.now)


def _rules(here: Desk, edits: Sequence[AnyEdit]) -> Rules:
    """The rules in force with the edited files in place of theirs. Raises WrongValue."""
    new = {one.file: one.content for one in edits if isinstance(one, FileEdit) and isinstance(one.content, str)}
    paths = {name: f"rules/{name}.toml" for name in RULES}
    try:
        document = {name: tomllib.loads(new.get(path) or text_of(here, path) or "") for name, path in paths.items()}
        return parse_rules("trial", document)
    except (tomllib.TOMLDecodeError, KeyError, ValueError, TypeError) as error:
        raise WrongValue(field="rules", value=str(error), expected="TOML") from error
