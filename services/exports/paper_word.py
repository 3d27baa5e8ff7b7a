"""Papers as Word files: a template with {{ places }}, filled in with the frozen content of the paper.

What is filled in stays text: it is neither markup nor another template, whatever stands in it.
"""

import io
import zlib
from collections.abc import Mapping
from typing import Any
from zipfile import BadZipFile

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup, escape

from models.errors import UnreadableFile

NO_FILE = (BadZipFile, OSError, EOFError, zlib.error, SyntaxError)  # the last: its XML
NO_TEMPLATE = (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError, RecursionError)
UNUSABLE = (*NO_FILE, *NO_TEMPLATE)
A_WORD_TEMPLATE = "a Word template"


def word_file(template: bytes, content: Mapping[str, Any], *, name: str) -> bytes:
    """A Word file. Raises UnreadableFile where the template is none, or names what the content has not."""
    try:
        document = DocxTemplate(io.BytesIO(template))
        document.render(dict(content), surroundings(), autoescape=True)
        written = io.BytesIO()
        document.save(written)
    except UNUSABLE as error:
        raise UnreadableFile(file=name, expected=A_WORD_TEMPLATE, why=first_line(error)) from error
    return written.getvalue()


def word_variables(template: bytes, *, name: str) -> frozenset[str]:
    """The names that a template takes from outside. Raises UnreadableFile."""
    try:
        return frozenset(DocxTemplate(io.BytesIO(template)).get_undeclared_template_variables(surroundings()))
    except UNUSABLE as error:
        raise UnreadableFile(file=name, expected=A_WORD_TEMPLATE, why=first_line(error)) from error


def surroundings() -> SandboxedEnvironment:
    """Where templates are filled in: nothing but their content within reach, and what is filled in stays text."""
    return SandboxedEnvironment(undefined=StrictUndefined, autoescape=True, finalize=_as_text)


def _as_text(value: Any) -> Any:
    """A value as XML that reads as the same text. Braces too: the library looks for some of its own when it is done."""
    if isinstance(value, StrictUndefined):
        return value  # it raises by itself, and says its name
    return Markup(str(escape(value)).replace("{", "&#123;").replace("}", "&#125;").replace("%", "&#37;"))


def first_line(error: Exception) -> str:
    """What an error says in short."""
    return (str(error).splitlines() or [type(error).__name__])[0]
