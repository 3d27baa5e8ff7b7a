"""Putting a message in words: one template per kind and language; the first line is the title.

Templates see `issue`, `facts`, `names`, `reader`, `why`, `digest`, and a few words such as `level`. An unknown name is
an error, not an empty place. Every text ends by saying why the reader gets it; an SMS is neutral and fixed.
Sources: domain 9h, 11.
"""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined, Template, TemplateError, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from models.unit import ChannelClass
from notifications.material import Material
from notifications.neutral import neutral
from notifications.variables import Reader, variables
from notifications.words import Language, moment, shorten

log = logging.getLogger(__name__)
LOOK_EVERY = 2.0
"""Real seconds between two looks whether a template has changed."""
UNFILLABLE = (TemplateError, TypeError, ValueError, ArithmeticError, LookupError)
"""What a template may raise: an unknown name, a division by nothing, a text without a first line."""
FOLDER = Path(__file__).parent / "templates"
FOLDER_OF: Mapping[Language, str] = {"zh-CN": "zh_CN", "en": "en"}


@dataclass(frozen=True)
class Rendered:
    """A title of one line and a body."""

    title: str
    body: str


def render(material: Material, *, reader: Reader, at: datetime, overrides: Path | None = None) -> Rendered:
    """The message in the reader's language. `at` is the moment that "left" and "overdue" count to.

    `overrides`: a city's own templates, which win over ours. Raises jinja2.UndefinedError when a fact is missing.
    """
    known = variables(material, reader=reader, at=at)
    lines = _fill(material.message.kind, known, reader.lang, overrides).splitlines()
    why = _fill("_why", known, reader.lang, overrides)
    return Rendered(title=lines[0].strip(), body="\n".join([*(line for line in lines[1:] if line.strip()), why]))


def render_sms(material: Material, *, reader: Reader, at: datetime) -> Rendered:
    """The neutral text (neutral.py): how many tasks, due when. No problem, no link, no slogan. Source: domain 11."""
    said = neutral(material, reader=reader, at=at)
    text = template("_sms", lang=reader.lang).render(what=said.what, count=said.count, due=said.day)
    return Rendered(title="", body=text.strip())


def render_plain(material: Material, *, reader: Reader, at: datetime) -> Rendered:
    """Words that need no template of the kind: which issue, and that there is something to read."""
    known = variables(material, reader=reader, at=at)
    lines = _fill("_plain", known, reader.lang, None).splitlines()
    return Rendered(title=lines[0], body="\n".join(lines[1:]))


def render_or_plain(material: Material, *, reader: Reader, at: datetime, overrides: Path | None = None) -> Rendered:
    """The message in words; in plain ones when its template cannot be filled in, so that nothing is hidden by it."""
    try:
        return render(material, reader=reader, at=at, overrides=overrides)
    except UNFILLABLE as error:
        log.error("template %s: %s (message %s)", material.message.kind, error, material.message.id)
        return render_plain(material, reader=reader, at=at)


def render_for(material: Material, *, reader: Reader, at: datetime, channel: str, overrides: Path | None) -> Rendered:
    """The words that fit a channel."""
    if channel == ChannelClass.SMS:
        return render_sms(material, reader=reader, at=at)
    return render_or_plain(material, reader=reader, at=at, overrides=overrides)


def _fill(kind: str, known: Mapping[str, Any], lang: Language, overrides: Path | None) -> str:
    return template(kind, lang=lang, overrides=overrides).render(known).strip()


def template(kind: str, *, lang: Language, overrides: Path | None = None) -> Template:
    """The template of a kind. Raises jinja2.TemplateNotFound.

    A changed file is noticed within seconds: to look at each file for each message would take a third of the rendering.
    """
    now, key = time.monotonic(), (kind, lang, overrides)
    kept = _KEPT.get(key)
    if kept is None or kept[1] < now:
        found = environment(overrides).get_template(f"{FOLDER_OF[lang]}/{kind}.txt")
        kept = _KEPT[key] = (found, now + LOOK_EVERY)
    return kept[0]


_KEPT: dict[tuple[str, Language, Path | None], tuple[Template, float]] = {}


@cache
def environment(overrides: Path | None = None) -> Environment:
    """Our templates, with a city's own before them. Plain text: nothing is escaped.

    Who may word messages anew may not run programs here: a city's own templates reach no further than their facts.
    """
    folders = [overrides, FOLDER] if overrides else [FOLDER]
    kind = ImmutableSandboxedEnvironment if overrides else Environment
    made = kind(
        loader=ChoiceLoader([FileSystemLoader(folder) for folder in folders]),
        undefined=StrictUndefined,
        autoescape=False,
        keep_trailing_newline=False,
    )
    made.filters |= {"short": shorten, "when": _when}
    return made


@pass_context
def _when(context: Context, value: datetime | str | None) -> str:
    return moment(value, zone=context["zone"], lang=context["lang"])
