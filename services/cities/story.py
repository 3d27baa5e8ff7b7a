"""The short stories of the sample issues: `assign@0.1 fail(the smell is back)@1.6`. See cities/README.md."""

import re
from collections.abc import Iterable
from itertools import pairwise

from services.cities.rows import StoryStep

NEEDS_ARGUMENT = {
    "assign": False,
    "sign_in": False,
    "pass": False,
    "close": False,
    "resume": False,
    "extend_ask": False,
    "extend_grant": False,
    "return": True,
    "fail": True,
    "reopen": True,
    "void": True,
    "submit": True,
    "comment": True,
    "shelve": True,
}
EXPECTED_STORY = "a story such as “assign@0.1 sign_in@0.3”, its days rising; see cities/README.md"
STEP = re.compile(r"([a-z_]+)(?:\(([^()]*)\))?@(\d{1,5}(?:\.\d{1,4})?)(?:\s+|$)")


def parse_story(text: str) -> tuple[StoryStep, ...]:
    """The steps of a story. Raises ValueError."""
    steps, place = [], 0
    while place < len(text):
        found = STEP.match(text, place)
        if found is None:
            raise ValueError(text[place:])
        steps.append(_step(found[1], found[2] or "", float(found[3])))
        place = found.end()
    if any(later.days < earlier.days for earlier, later in pairwise(steps)):
        raise ValueError(text)
    return tuple(steps)


def _step(action: str, argument: str, days: float) -> StoryStep:
    if action not in NEEDS_ARGUMENT or NEEDS_ARGUMENT[action] != bool(argument):
        raise ValueError(action)
    if action == "shelve" and float(argument) <= days:
        raise ValueError(argument)
    return StoryStep(action, argument, days)


def write_story(steps: Iterable[StoryStep]) -> str:
    """The story as its cell says it."""
    return " ".join(_written(step) for step in steps)


def _written(step: StoryStep) -> str:
    argument = f"({step.argument})" if step.argument else ""
    return f"{step.action}{argument}@{f'{step.days:.4f}'.rstrip('0').rstrip('.')}"
