"""The city's papers: forms of numbers that can count, templates that can be filled in for every kind they serve."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from models.errors import BadInput
from models.paper import PaperKind
from services.bulletins.periods import KINDS
from services.bulletins.samples import sample as sample_bulletin
from services.cities.finding import Finding, finding
from services.cities.kept import PAPERS as FOLDER
from services.cities.pack import Pack
from services.exports.bulletin_word import tried
from services.exports.paper_page import page_file, page_variables
from services.exports.paper_word import word_file, word_variables
from services.papers.samples import sample
from services.papers.stationery import BULLETIN, PAGE, SETTINGS, WORD, family, stationery_of

BULLETINS = {BULLETIN: KINDS} | {f"{kind}_{BULLETIN}": (kind,) for kind in KINDS}
READERS = {WORD: (word_variables, word_file), PAGE: (page_variables, page_file)}


def lint_papers(pack: Pack) -> list[Finding]:
    """The pack's optional folder `papers`."""
    return list(_lint(tuple(pack.papers.items()), pack.city.order_number))


@lru_cache(maxsize=4)
def _lint(papers: tuple[tuple[str, bytes], ...], orders: str) -> tuple[Finding, ...]:
    """Kept for the same files: a paper of each kind is made, which takes longer than all else of the lint."""
    found = list(_lint_settings(dict(papers), orders=orders))
    for name, body in papers:
        if Path(name).suffix in READERS:
            found += _lint_template(Path(name), body)
    return tuple(found)


def _lint_settings(files: Mapping[str, bytes], *, orders: str) -> Iterator[Finding]:
    try:
        stationery = stationery_of(files)
    except BadInput as error:
        yield finding("bad_template", f"{FOLDER}/{SETTINGS}", why=str(error))
        return
    if orders in stationery.forms.values():
        yield finding("bad_template", f"{FOLDER}/{SETTINGS}", why=f"{orders} is the form of supervision orders")


def _lint_template(path: Path, body: bytes) -> Iterator[Finding]:
    """Names that are not given; then, since a wrong name may hide behind a dot, one paper of each kind is made."""
    if path.suffix == WORD and path.stem in BULLETINS:
        yield from _lint_bulletin(path, body)
        return
    file, (names, fill) = f"{FOLDER}/{path.name}", READERS[path.suffix]
    kinds = [kind for kind in PaperKind if path.stem in (kind.value, family(kind))]
    if not kinds:
        yield finding("bad_template", file, why=f"no paper is called “{path.stem}”")
        return
    try:
        unknown = names(body, name=path.name) - set(sample(kinds[0]))
    except BadInput as error:
        yield finding("bad_template", file, why=str(error))
        return
    yield from (finding("unknown_template_variable", file, variable=name) for name in sorted(unknown))
    if not unknown:
        yield from _try_out(fill, path.name, body, [sample(kind) for kind in kinds])


def _lint_bulletin(path: Path, body: bytes) -> Iterator[Finding]:
    """One bulletin is made of each kind that the template serves."""
    try:
        tried(body, [sample_bulletin(kind) for kind in BULLETINS[path.stem]], name=path.name)
    except BadInput as error:
        yield finding("bad_template", f"{FOLDER}/{path.name}", why=str(error))


def _try_out(fill: Any, name: str, body: bytes, contents: list[Mapping[str, Any]]) -> Iterator[Finding]:
    for content in contents:
        try:
            fill(body, content, name=name)
        except BadInput as error:
            yield finding("bad_template", f"{FOLDER}/{name}", why=str(error))
            return
