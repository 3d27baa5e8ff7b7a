"""Templates that a city words anew: readable, and using only what the built-in messages use."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from jinja2 import TemplateSyntaxError, meta

import notifications
from notifications.rendering import environment
from services.cities.finding import Finding, finding
from services.cities.pack import Pack

BUILT_IN = Path(notifications.__file__).parent / "templates"


def lint_templates(pack: Pack, *, built_in: Path = BUILT_IN) -> Iterator[Finding]:
    """Each template of the pack's optional folder `templates`, which is laid out as the built-in one."""
    for file, text in pack.templates.items():
        if not text.strip():
            yield finding("bad_template", file, why="it is empty")
            continue
        try:
            unknown = variables_of(text) - known_variables(built_in)
        except TemplateSyntaxError as error:
            yield finding("bad_template", file, error.lineno, why=error.message or "")
            continue
        for variable in sorted(unknown):
            yield finding("unknown_template_variable", file, variable=variable)


def variables_of(text: str) -> frozenset[str]:
    """The variables that a template takes from outside. Raises TemplateSyntaxError."""
    return frozenset(meta.find_undeclared_variables(environment().parse(text)))


@cache
def known_variables(folder: Path) -> frozenset[str]:
    """What any built-in template uses: that a message knows it is proved by the tests of those templates."""
    texts = (path.read_text("utf-8") for path in sorted(folder.rglob("*.txt")))
    return frozenset().union(*(variables_of(text) for text in texts))
