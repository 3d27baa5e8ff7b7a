"""Papers as pages to be printed: one HTML file of A4, with nothing from elsewhere and nothing that runs."""

from collections.abc import Mapping
from typing import Any

from jinja2 import StrictUndefined, TemplateError, meta
from jinja2.sandbox import SandboxedEnvironment

from models.errors import UnreadableFile

A_PAGE = "a template of a page"
UNUSABLE = (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError, RecursionError)
"""Whatever a template may raise: an unknown name, a division by nothing, a part that takes in itself, no UTF-8."""


def page_file(template: bytes, content: Mapping[str, Any], *, name: str) -> str:
    """A page. Raises UnreadableFile where the template cannot be read, or names what the content has not."""
    try:
        return _surroundings().from_string(template.decode("utf-8")).render(dict(content))
    except UNUSABLE as error:
        raise UnreadableFile(file=name, expected=A_PAGE, why=str(error)) from error


def page_variables(template: bytes, *, name: str) -> frozenset[str]:
    """The names that a template takes from outside. Raises UnreadableFile."""
    try:
        return frozenset(meta.find_undeclared_variables(_surroundings().parse(template.decode("utf-8"))))
    except UNUSABLE as error:
        raise UnreadableFile(file=name, expected=A_PAGE, why=str(error)) from error


def _surroundings() -> SandboxedEnvironment:
    """Everything is escaped; no loader, so a page is whole in its one file."""
    return SandboxedEnvironment(undefined=StrictUndefined, autoescape=True, trim_blocks=True, lstrip_blocks=True)
