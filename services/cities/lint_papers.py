"""The city's papers: forms of numbers that can count, templates that can be filled in for every kind they serve."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from models.errors import BadInput
from models.paper import PaperKind
from services.cities.finding import Finding, finding
from services.cities.pack import Pack
from services.exports.paper_page import page_file, page_variables
from services.exports.paper_word import word_file, word_variables
from services.papers.samples import sample
from services.papers.stationery import PAGE, SETTINGS, WORD, family, read_stationery

FOLDER = "papers"
READERS = {WORD: (word_variables, word_file), PAGE: (page_variables, page_file)}


def lint_papers(pack: Pack) -> Iterator[Finding]:
    """The pack's optional folder `papers`."""
    folder = pack.folder / FOLDER
    yield from _lint_settings(folder, orders=pack.city.order_number)
    for path in sorted(path for path in folder.glob("*.*") if path.suffix in READERS):
        yield from _lint_template(path)


def _lint_settings(folder: Path, *, orders: str) -> Iterator[Finding]:
    try:
        stationery = read_stationery(folder)
    except BadInput as error:
        yield finding("bad_template", f"{FOLDER}/{SETTINGS}", why=str(error))
        return
    if orders in stationery.forms.values():
        yield finding("bad_template", f"{FOLDER}/{SETTINGS}", why=f"{orders} is the form of supervision orders")


def _lint_template(path: Path) -> Iterator[Finding]:
    """Names that are not given; then, since a wrong name may hide behind a dot, one paper of each kind is made."""
    file, (names, fill) = f"{FOLDER}/{path.name}", READERS[path.suffix]
    kinds = [kind for kind in PaperKind if path.stem in (kind.value, family(kind))]
    if not kinds:
        yield finding("bad_template", file, why=f"no paper is called “{path.stem}”")
        return
    try:
        unknown = names(path.read_bytes(), name=path.name) - set(sample(kinds[0]))
    except BadInput as error:
        yield finding("bad_template", file, why=str(error))
        return
    yield from (finding("unknown_template_variable", file, variable=name) for name in sorted(unknown))
    if not unknown:
        yield from _try_out(fill, path, [sample(kind) for kind in kinds])


def _try_out(fill: Any, path: Path, contents: list[Mapping[str, Any]]) -> Iterator[Finding]:
    for content in contents:
        try:
            fill(path.read_bytes(), content, name=path.name)
        except BadInput as error:
            yield finding("bad_template", f"{FOLDER}/{path.name}", why=str(error))
            return
