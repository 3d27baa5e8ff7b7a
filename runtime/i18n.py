"""The words of the edges (cli, web, flows, deployments): English in the code, Chinese from `locale/zh_CN.po`.

The .po file is read as it is; there is no compile step. The language of the process is DUBAN_LANG, else the system's,
unless `use` says otherwise; a web request sets its own with `using`. A message without a translation stays English.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import get_args

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from models.errors import DubanError
from runtime.settings import Lang, system_language

PO_FILE = Path(__file__).parent / "locale" / "zh_CN.po"
LANGUAGES: tuple[Lang, ...] = get_args(Lang)

_of_process: list[Lang] = []
_of_task: ContextVar[Lang | None] = ContextVar("language", default=None)


def use(lang: Lang) -> None:
    """The language of this process from now on. Help texts are fixed when their module is imported: call it before."""
    _of_process[:] = [lang]


@contextmanager
def using(lang: Lang) -> Iterator[None]:
    """The language of this task or thread within the block, such as one web request."""
    token = _of_task.set(lang)
    try:
        yield
    finally:
        _of_task.reset(token)


def language() -> Lang:
    """The language in use here and now."""
    return _of_task.get() or (_of_process[0] if _of_process else _at_start())


def gettext(message: str) -> str:
    """The message in the language in use. Fill in {names} afterwards: `_("{n} issues").format(n=3)`."""
    return _found(message) or message


def ngettext(one: str, many: str, n: int) -> str:
    """The singular or plural message for n. Chinese has one form for both."""
    return _found(one) or (one if n == 1 else many)


def say(error: DubanError) -> str:
    """An error's sentence in the language in use, filled in; codes of the field become its words."""
    return gettext(error.template).format(**{name: _worded(name, value) for name, value in error.params.items()})


def _worded(name: str, value: object) -> object:
    """The words for a parameter that holds codes, such as states or roles; several stand behind commas."""
    from models import terms  # needs the tables; an error is rare, and the start of a command is not
    from runtime.expectations import expected  # needs this module

    if name in ("expected", "why") and isinstance(value, str):
        return expected(value)
    tables = {"action": terms.RIGHTS | terms.ACTIONS, "who": terms.ROLES, "kind": terms.REQUESTS, "what": terms.THINGS}
    tables |= {"state": terms.STATES | terms.MEASURE_STATES, "missing": terms.CONDITIONS | terms.INPUTS}
    tables |= {"field": terms.INPUTS, "weakness": terms.WEAKNESSES, "act": terms.MEASURE_ACTS}
    words = tables.get(name)
    if words is None or not isinstance(value, str):
        return value
    return ", ".join(_one(words, code) for code in value.split(", "))


def _one(words: dict[str, tuple[str, str]], code: str) -> str:
    """Its word; of `01-02: note`, which says where, the word of what stands behind."""
    from models import terms

    where, colon, what = code.rpartition(": ")
    return where + colon + terms.term(words, what, language())


def read_catalog(path: Path = PO_FILE) -> Catalog:
    """The catalogue of Chinese messages. Raises FileNotFoundError when it is not there."""
    with path.open("rb") as file:
        return read_po(file, locale="zh_CN", abort_invalid=True)


@cache
def _chinese() -> Mapping[str, tuple[str, ...]]:
    return {key(message.id): forms(message.string) for message in read_catalog() if message.id and not message.fuzzy}


def key(message_id: object) -> str:
    """The English text that a message is found by: the singular, when it has two."""
    return str(message_id[0] if isinstance(message_id, list | tuple) else message_id)


def forms(translated: object) -> tuple[str, ...]:
    """The translated forms of a message as a tuple, empty strings for those not yet written."""
    return tuple(map(str, translated)) if isinstance(translated, list | tuple) else (str(translated or ""),)


def _found(message: str) -> str:
    if language() == "en":
        return ""
    found = _chinese().get(message)
    return found[0] if found else ""


@cache
def _at_start() -> Lang:
    given = os.environ.get("DUBAN_LANG")
    return next((lang for lang in LANGUAGES if lang == given), None) or system_language(os.environ)
