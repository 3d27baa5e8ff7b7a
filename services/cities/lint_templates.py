"""Templates that a city words anew: readable, using only what the built-in messages use, and named as they are."""

from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from jinja2 import TemplateSyntaxError, meta

import notifications
from notifications.rendering import environment
from services.cities.finding import Finding, finding
from services.cities.pack import Pack

BUILT_IN = Path(notifications.__file__).parent / "templates"
FIXED, SUFFIX = frozenset({"_sms", "_plain"}), ".txt"
"""Words that a city cannot change: those of an SMS (domain 11), and those that stand in for a template that fails."""


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
    yield from _unused(pack.templates, _names(built_in))


def _unused(templates: Mapping[str, str], known: Collection[str]) -> Iterator[Finding]:
    """Templates that no message has the name of, and no other template takes in."""
    taken_in = {name for text in templates.values() for name in _taken_in(text)}
    for file in templates:
        name = file.partition("/")[2]
        if name not in known and name not in taken_in:
            (nearest,) = get_close_matches(name, sorted(known), n=1, cutoff=0)
            yield finding("unused_template", file, name=name.removesuffix(SUFFIX), nearest=nearest.removesuffix(SUFFIX))


@cache
def _names(folder: Path) -> frozenset[str]:
    """What a city may word anew: `zh_CN/assigned.txt`."""
    return frozenset(p.relative_to(folder).as_posix() for p in folder.rglob(f"*{SUFFIX}") if p.stem not in FIXED)


def _taken_in(text: str) -> Iterator[str]:
    try:
        yield from filter(None, meta.find_referenced_templates(environment().parse(text)))
    except TemplateSyntaxError:
        return


def variables_of(text: str) -> frozenset[str]:
    """The variables that a template takes from outside. Raises TemplateSyntaxError."""
    return frozenset(meta.find_undeclared_variables(environment().parse(text)))


@cache
def known_variables(folder: Path) -> frozenset[str]:
    """What any built-in template uses: that a message knows it is proved by the tests of those templates."""
    texts = (path.read_text("utf-8") for path in sorted(folder.rglob("*.txt")))
    return frozenset().union(*(variables_of(text) for text in texts))
