"""What a city says about its tasks, in `tasks.toml` of its pack: times of letters, and tag sets such as 六大攻坚."""

import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlmodel import Session

from models.deadlines import Limit
from models.errors import DubanError, UnreadableFile, WrongValue
from services.pack_files import files_in_force

FILE = "tasks.toml"
SIGN_WITHIN, CLIMB_AFTER = "3 working_days", "2 working_days"
_LETTERS = frozenset({"sign_within", "climb_after"})
_SET = frozenset({"code", "name", "name_en", "tag"})
_TAG = frozenset({"code", "name", "name_en", "categories", "standards"})


@dataclass(frozen=True)
class Tag:
    """One tag. A task carries it that names it, or whose category does; a standard by its own code or its category."""

    code: str
    name: str
    name_en: str = ""
    categories: tuple[str, ...] = ()
    standards: tuple[str, ...] = ()

    def label(self, lang: str) -> str:
        """Its name in a language: zh-CN, or en."""
        return self.name_en if lang == "en" and self.name_en else self.name


@dataclass(frozen=True)
class TagSet:
    """Tags that belong together. Source: domain 0, seeds 001 and 003."""

    code: str
    name: str
    name_en: str
    tags: tuple[Tag, ...]

    def label(self, lang: str) -> str:
        """Its name in a language: zh-CN, or en."""
        return self.name_en if lang == "en" and self.name_en else self.name


@dataclass(frozen=True)
class TaskSettings:
    """`sign_within`: until when a unit signs for its letter; `climb_after`: how long after that its superiors hear."""

    sign_within: Limit = field(default_factory=lambda: Limit.parse(SIGN_WITHIN))
    climb_after: Limit = field(default_factory=lambda: Limit.parse(CLIMB_AFTER))
    tag_sets: tuple[TagSet, ...] = ()

    @property
    def tags(self) -> Mapping[str, Tag]:
        """Every tag by its code."""
        return {tag.code: tag for several in self.tag_sets for tag in several.tags}


def settings_in_force(session: Session, *, otherwise: Path) -> TaskSettings:
    """Those of the city in force; of the folder `otherwise` where the city was loaded before its files were kept.

    Raises UnreadableFile, WrongValue.
    """
    files = files_in_force(session)
    if files is not None:
        return read_settings(files.get(FILE, b""))
    path = otherwise / FILE
    return read_settings(path.read_bytes() if path.is_file() else b"")


def read_settings(body: bytes) -> TaskSettings:
    """What the file says; ours where it says nothing. Raises UnreadableFile, WrongValue."""
    return _read(hashlib.sha256(body).digest(), body)


@lru_cache(maxsize=8)
def _read(_digest: bytes, body: bytes) -> TaskSettings:
    try:
        written = tomllib.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(file=FILE, expected="TOML", why=str(error)) from error
    _only("tasks.toml", written, frozenset({"letters", "set"}))
    letters = written.get("letters", {})
    _only("letters", letters, _LETTERS)
    sets = tuple(_set(one) for one in _tables("set", written.get("set", [])))
    _once("set", [one.code for one in sets])
    _once("tag", [tag.code for one in sets for tag in one.tags])
    _once("tag", [tag.name for one in sets for tag in one.tags])
    return TaskSettings(
        sign_within=_limit("sign_within", letters.get("sign_within", SIGN_WITHIN)),
        climb_after=_limit("climb_after", letters.get("climb_after", CLIMB_AFTER)),
        tag_sets=sets,
    )


def _set(written: Mapping[str, Any]) -> TagSet:
    _only("set", written, _SET)
    tags = tuple(_tag(one) for one in _tables("tag", written.get("tag", [])))
    return TagSet(_text(written, "code"), _text(written, "name"), _text(written, "name_en", needed=False), tags)


def _tag(written: Mapping[str, Any]) -> Tag:
    _only("tag", written, _TAG)
    return Tag(
        _text(written, "code"),
        _text(written, "name"),
        _text(written, "name_en", needed=False),
        _codes(written, "categories"),
        _codes(written, "standards"),
    )


def _limit(name: str, written: Any) -> Limit:
    try:
        found = Limit.parse(written)
    except (DubanError, AttributeError, TypeError) as error:
        raise WrongValue(field=name, value=written, expected=SIGN_WITHIN) from error
    return found


def _tables(name: str, written: Any) -> Iterator[Mapping[str, Any]]:
    if not isinstance(written, list) or not all(isinstance(one, dict) for one in written):
        raise WrongValue(field=name, value=str(written)[:40], expected=f"[[{name}]]")
    yield from written


def _only(name: str, written: Any, known: frozenset[str]) -> None:
    if not isinstance(written, dict):
        raise WrongValue(field=name, value=str(written)[:40], expected=", ".join(sorted(known)))
    for key in sorted(set(written) - known):
        raise WrongValue(field=name, value=key, expected=", ".join(sorted(known)))


def _text(written: Mapping[str, Any], name: str, *, needed: bool = True) -> str:
    found = written.get(name, "")
    if not isinstance(found, str) or (needed and not found.strip()):
        raise WrongValue(field=name, value=str(found)[:40], expected="some text")
    return found.strip()


def _codes(written: Mapping[str, Any], name: str) -> tuple[str, ...]:
    found = written.get(name, [])
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise WrongValue(field=name, value=str(found)[:40], expected='["01", "12"]')
    return tuple(found)


def _once(name: str, codes: list[str]) -> None:
    for code in codes:
        if codes.count(code) > 1:
            raise WrongValue(field=name, value=code, expected="each once")
