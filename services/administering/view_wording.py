"""How a message or a paper would read with other words, sent to nobody.

A message is filled in with the last one of its kind; with sample values (notifications/samples.py) where none was ever
made. The words come from a form: they are read in a sandbox, so that a template reaches nothing but what it is given.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jinja2 import ChoiceLoader, DictLoader, FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from sqlmodel import Session, col, select

from models.errors import NotFound
from models.message import Message
from models.paper import PaperKind
from models.unit import Person
from notifications.kinds import KINDS
from notifications.material import Material, read_city, read_material
from notifications.neutral import neutral
from notifications.rendering import FOLDER, UNFILLABLE, environment
from notifications.samples import sample
from notifications.variables import Reader, variables
from notifications.words import Language
from services.exports.paper_page import page_file
from services.pack_files import TEMPLATES, files_in_force
from services.papers.samples import sample as sample_paper
from services.papers.stationery import family

SMS, OF_ALL = "_sms", "overdue_notice"
"""The wording of an SMS, which knows other names; and the kind with which words that serve all kinds are filled in."""


@dataclass(frozen=True)
class Previewed:
    """The title and the body; `wrong`: why it cannot be filled in, with the line where one is known.

    `sample`: no message of the kind was ever made, so the values are invented.
    """

    title: str = ""
    body: str = ""
    wrong: str = ""
    line: int = 0
    sample: bool = False


def previewed(session: Session, text: str, *, kind: str, lang: Language, reader: str, now: datetime) -> Previewed:
    """The words as `reader`, a person's code, would get them. A name that no kind has is filled in like any."""
    material, invented = _material(session, kind if kind in KINDS else OF_ALL, now)
    person = session.get(Person, reader)
    whom = Reader(reader, person.name if person else "", lang, material.message.post_code)
    try:
        written = _surroundings(session).from_string(text).render(_known(kind, material, whom, now)).strip()
    except (*UNFILLABLE, AttributeError, RecursionError) as error:
        return Previewed(wrong=str(error), line=getattr(error, "lineno", 0) or 0, sample=invented)
    title, _newline, body = written.partition("\n")
    shown = "\n".join(line for line in body.splitlines() if line.strip())
    return Previewed(title.strip(), shown, sample=invented)


def previewed_paper(text: str, *, name: str) -> str:
    """A paper's page with sample content; `name` is that of its file: `assignment_slip.html`.

    Raises NotFound for a name that no paper has, UnreadableFile for what cannot be filled in.
    """
    stem = name.rpartition(".")[0]
    kind = next((kind for kind in PaperKind if stem in (kind.value, family(kind))), None)
    if kind is None:
        raise NotFound(what="paper", code=stem[:80])
    return page_file(text.encode(), sample_paper(kind), name=name)


def _material(session: Session, kind: str, now: datetime) -> tuple[Material, bool]:
    """That of the last message of the kind, or invented."""
    query = select(Message).where(Message.kind == kind).order_by(col(Message.id).desc()).limit(1)
    message, city = session.exec(query).first(), read_city(session)
    if message is None:
        return sample(kind, city=city, at=now), True
    return read_material(session, [message], city=city)[message.id or 0], False


def _known(kind: str, material: Material, whom: Reader, now: datetime) -> Mapping[str, Any]:
    if kind == SMS:
        said = neutral(material, reader=whom, at=now)
        return {"what": said.what, "count": said.count, "due": said.day}
    return variables(material, reader=whom, at=now)


def _surroundings(session: Session) -> ImmutableSandboxedEnvironment:
    """As messages have them: the city's own words before ours."""
    files = files_in_force(session) or {}
    own = {file.removeprefix(TEMPLATES): body.decode() for file, body in files.items() if file.startswith(TEMPLATES)}
    made = ImmutableSandboxedEnvironment(
        loader=ChoiceLoader([DictLoader(own), FileSystemLoader(FOLDER)]),
        undefined=StrictUndefined,
        autoescape=False,
        keep_trailing_newline=False,
    )
    made.filters |= environment().filters
    return made
