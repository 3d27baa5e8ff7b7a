"""What a form sends: read with a limit, its texts cleaned. Who may send it is asked before a byte is read."""

import re
from collections.abc import AsyncIterator, Callable, Mapping
from hashlib import sha256
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request
from starlette.datastructures import FormData, UploadFile

from models.errors import WrongValue
from services.commands import is_blank
from web.link_guard import limited
from web.login import LoggedIn

LONGEST_TEXT = 2000
"""Characters of one field."""
ENDLESS = 1_000_000
"""Characters of a field that is only shown again as it was typed."""
MOST_FILES, MOST_FIELDS = 200, 2000
"""More photos than a form keeps are told by the page, beside what was typed; far too many are no form of ours."""
T = TypeVar("T")
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
"""Control characters, what turns the writing of others around, and halves of pairs."""


async def _form(request: Request, _reader: LoggedIn) -> AsyncIterator[FormData]:
    async with limited(request).form(max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=1024 * 1024) as form:
        yield form


Sent = Annotated[FormData, Depends(_form)]
"""The form of somebody who is logged in, from a page of ours."""


def text(form: FormData, name: str, *, longest: int = LONGEST_TEXT) -> str:
    """A field without characters that nobody sees and the database does not keep; empty where it is not there.

    Raises WrongValue for one that is too long.
    """
    found = cleaned(form.get(name))
    if len(found) > longest:
        raise WrongValue(field=name, value=f"{found[:40]}…", expected=f"at most {longest} characters")
    return found


def cleaned(value: object) -> str:
    """A text without characters that nobody sees and the database does not keep; nothing for what is no text."""
    found = value if isinstance(value, str) else ""
    found = _UNSEEN.sub("", found.replace("\r\n", "\n").replace("\r", "\n")).strip()
    return "" if is_blank(found) else found


def texts(form: FormData, name: str) -> list[str]:
    """Every value of a field that may be chosen several times, without characters that the database does not keep."""
    return [found for one in form.getlist(name) if (found := cleaned(one))]


def whole(form: FormData, name: str, *, least: int, most: int) -> int:
    """A whole number in its bounds. Raises WrongValue."""
    written = text(form, name, longest=40)
    if not written.isdecimal() or not least <= int(written) <= most:
        raise WrongValue(field=name, value=written, expected=f"{least}–{most}")
    return int(written)


def chosen(form: FormData, name: str, of: Callable[[str], T], *, expected: str) -> T:
    """A value of an enumeration or the like. Raises WrongValue."""
    written = text(form, name, longest=100)
    try:
        return of(written)
    except ValueError:
        raise WrongValue(field=name, value=written, expected=expected) from None


def worded(key: str, given: Mapping[str, Any]) -> str:
    """A form's key with its words: sent twice they are done once, while others, from a page turned back to, are not."""
    return f"{key}-{sha256(repr(sorted(given.items())).encode()).hexdigest()[:12]}"


def files(form: FormData, name: str) -> list[UploadFile]:
    """The files of a field; an input that was left empty still sends a part, without a name."""
    return [one for one in form.getlist(name) if isinstance(one, UploadFile) and (one.filename or one.size)]
