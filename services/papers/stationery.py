"""A city's letter paper: forms of numbers, who is asked back, and templates. Ours where a city has none of its own.

The pack's folder `papers` holds `papers.toml` and, per kind, `<kind>.docx` and `<kind>.html`; a name without its
number (`supervision_order.docx`) serves all degrees.
"""

import hashlib
import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sqlmodel import Session

from models.deadlines import Limit
from models.errors import UnreadableFile, WrongValue
from models.paper import DEGREES, OF_A_MEASURE, PaperKind
from models.publication import PublicationKind
from services.pack_files import files_in_force, papers_of

BUILT_IN = Path(__file__).parent / "templates"
SETTINGS = "papers.toml"
TEXTS = ("contact", "phone", "reply_within")
FORM = "〔{year}〕{n}号"
REPLY_WITHIN = "3 working_days"
WORD, PAGE, TOML = ".docx", ".html", ".toml"
BULLETIN = "bulletin"
"""`bulletin.docx` serves all kinds of bulletins, `weekly_bulletin.docx` one."""


@dataclass(frozen=True)
class Template:
    """A template as it lies in its file."""

    name: str
    body: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.body).hexdigest()


@dataclass(frozen=True)
class Stationery:
    """What a city prints its papers with. `forms`: the form of the number per kind, where a city says one.

    `files`: its own templates, by their names.
    """

    files: Mapping[str, bytes] = field(default_factory=lambda: MappingProxyType({}))
    forms: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    contact: str = ""
    phone: str = ""
    reply_within: Limit = field(default_factory=lambda: Limit.parse(REPLY_WITHIN))

    def form(self, kind: PaperKind) -> str:
        """The form of a kind's number, with {year} and {n}."""
        return self.forms.get(kind.value, FORM)

    def template(self, kind: PaperKind, *, suffix: str) -> Template:
        """The city's template of a kind, else ours."""
        own = (f"{name}{suffix}" for name in (kind.value, family(kind)))
        name = next((name for name in own if name in self.files), None)
        if name is not None:
            return Template(name, self.files[name])
        ours = built_in(family(kind), suffix)
        return Template(ours.name, ours.read_bytes())

    def bulletin(self, kind: PublicationKind) -> Template:
        """The city's Word template of bulletins of a kind, else of all of them, else ours."""
        own = (f"{name}{WORD}" for name in (f"{kind}_{BULLETIN}", BULLETIN))
        name = next((name for name in own if name in self.files), None)
        if name is not None:
            return Template(name, self.files[name])
        return Template(f"{BULLETIN}{WORD}", built_in(BULLETIN, WORD).read_bytes())


def built_in(name: str, suffix: str) -> Path:
    """Our own template for a family of papers: one serves all that have none of their own."""
    own = BUILT_IN / f"{name}{suffix}"
    return own if own.exists() else BUILT_IN / f"paper{suffix}"


def family(kind: PaperKind) -> str:
    """The name under which one template serves several: `supervision_order` all degrees, `measure` those of a unit."""
    return "measure" if kind in OF_A_MEASURE else kind.value.rstrip("_123")


def stationery_in_force(session: Session, *, otherwise: Path) -> Stationery:
    """That of the city in force; of the folder `otherwise` where the city was loaded before its files were kept.

    Raises UnreadableFile, WrongValue.
    """
    files = files_in_force(session)
    return read_stationery(otherwise) if files is None else stationery_of(papers_of(files))


def read_stationery(folder: Path | None) -> Stationery:
    """What the folder `papers` of a pack says; ours where there is none. Raises UnreadableFile, WrongValue."""
    paths = sorted(folder.glob("*.*")) if folder else []
    return stationery_of({path.name: path.read_bytes() for path in paths if path.suffix in (TOML, WORD, PAGE)})


def stationery_of(files: Mapping[str, bytes]) -> Stationery:
    """What the files of the folder `papers` say, by their names. Raises UnreadableFile, WrongValue."""
    written = _settings(files[SETTINGS]) if SETTINGS in files else {}
    for name in written:
        if name not in (*TEXTS, "numbers"):
            raise WrongValue(field=SETTINGS, value=name, expected=", ".join((*TEXTS, "numbers")))
    texts = {name: _text(name, written.get(name, "")) for name in TEXTS}
    return Stationery(
        files=MappingProxyType(dict(files)),
        forms=_forms(written.get("numbers", {})),
        contact=texts["contact"],
        phone=texts["phone"],
        reply_within=Limit.parse(texts["reply_within"] or REPLY_WITHIN),
    )


def _settings(body: bytes) -> dict[str, Any]:
    try:
        return tomllib.loads(body.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UnreadableFile(file=SETTINGS, expected="TOML", why=str(error)) from error


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise WrongValue(field=name, value=value, expected="some text")
    return value


def _forms(written: Any) -> Mapping[str, str]:
    numbered = sorted(kind.value for kind in set(PaperKind) - set(DEGREES))
    if not isinstance(written, dict) or set(written) - set(numbered):
        value = ", ".join(written) if isinstance(written, dict) else written
        raise WrongValue(field="numbers", value=value, expected=", ".join(numbered))
    for form in written.values():
        check_form(form)
    return MappingProxyType(written)


def check_form(form: Any) -> None:
    """A form of numbers must have {n}, and may have {year}, once each. Raises WrongValue."""
    try:
        parts = [(name, spec, conversion) for _, name, spec, conversion in string.Formatter().parse(form)]
    except (TypeError, ValueError):
        parts = []
    names = [name for name, _, _ in parts if name is not None]
    plain = all(not spec and not conversion for _, spec, conversion in parts)
    if not plain or sorted(names) not in (["n"], ["n", "year"]):
        raise WrongValue(field="numbers", value=form, expected=f"{{n}}, {{year}}: {FORM}")


def series(form: str, *, year: int) -> str:
    """The series that a form counts in. The same form is the same series, so no number is given twice.

    Without {year} the numbers run on over the years.
    """
    return f"paper/{form.format(year=year, n='{n}')}"
