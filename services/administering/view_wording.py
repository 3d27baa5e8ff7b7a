"""How a message would read with other words: filled in with the last message of its kind, and sent to nobody.

The words come from a form: they are read in a sandbox, so that a template can reach nothing but what messages know.
"""

from dataclasses import dataclass
from datetime import datetime

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from sqlmodel import Session, col, select

from models.message import Message
from models.unit import Person
from notifications.material import read_city, read_material
from notifications.rendering import FOLDER, environment
from notifications.variables import Reader, variables
from notifications.words import Language


@dataclass(frozen=True)
class Previewed:
    """The title and the body; `wrong`: why it cannot be filled in, with the line where one is known.

    Nothing of it where no message of the kind was ever made.
    """

    title: str = ""
    body: str = ""
    wrong: str = ""
    line: int = 0

    @property
    def is_empty(self) -> bool:
        return not (self.title or self.body or self.wrong)


def previewed(session: Session, text: str, *, kind: str, lang: Language, reader: str, now: datetime) -> Previewed:
    """The words as `reader`, a person's code, would get them."""
    message = session.exec(
        select(Message).where(Message.kind == kind).order_by(col(Message.id).desc()).limit(1)
    ).first()
    if message is None:
        return Previewed()
    material = read_material(session, [message], city=read_city(session))[message.id or 0]
    person = session.get(Person, reader)
    whom = Reader(reader, person.name if person else "", lang, message.post_code)
    try:
        written = _surroundings().from_string(text).render(variables(material, reader=whom, at=now)).strip()
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as error:
        return Previewed(wrong=str(error), line=getattr(error, "lineno", 0) or 0)
    title, _newline, body = written.partition("\n")
    return Previewed(title.strip(), "\n".join(line for line in body.splitlines() if line.strip()))


def _surroundings() -> ImmutableSandboxedEnvironment:
    made = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(FOLDER), undefined=StrictUndefined, autoescape=False, keep_trailing_newline=False
    )
    made.filters |= environment().filters
    return made
