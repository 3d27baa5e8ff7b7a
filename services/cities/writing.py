"""A pack as files again: CSV in UTF-8 with LF, sorted; TOML; everything else as it came."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, asdict, fields, replace
from typing import Any

import tomli_w

from models.errors import DubanError
from models.scoring.parsing import FILE as SCORING
from services.cities.cells import cell_of
from services.cities.keys import parts_of
from services.cities.pack import Pack, digest
from services.cities.reading import FILES, RULES, TABLE_OF, read_toml, rules_file, text_of
from services.cities.reading_city import read_city
from services.cities.reading_tables import columns_of
from services.cities.rows import CityFacts
from services.scores.formula import DEFAULT

CITY = "city.toml"
LONG_AGO = (1980, 1, 1, 0, 0, 0)


def write_pack(pack: Pack) -> Iterator[tuple[str, bytes]]:
    """Each file of the pack with its path in it.

    Where a TOML file still says what is in force it is written as it came, with its comments; otherwise anew.
    """
    yield CITY, city_bytes(pack)
    for name, (file, _) in FILES.items():
        yield file, table_bytes(name, getattr(pack, name))
    for name in RULES:
        yield rules_file(name), rules_bytes(pack, name)
    written = {CITY, *map(rules_file, RULES)}
    yield from ((file, body) for file, body in sorted(pack.files.items()) if file not in written)


def zipped(pack: Pack) -> bytes:
    """All files in one ZIP archive, the same bytes for the same pack."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, body in sorted(write_pack(pack)):
            archive.writestr(zipfile.ZipInfo(file, LONG_AGO), body, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def cells_of(row: Any) -> dict[str, str]:
    """A row as its file says it: column → text of the cell."""
    return {name: cell_of(getattr(row, name)) for name in _columns(row)}


def _columns(row: Any) -> Iterable[str]:
    kind: Any = type(row)
    return columns_of(kind)


def table_bytes(name: str, rows: Iterable[Any]) -> bytes:
    """The CSV file of a table."""
    made = io.StringIO(newline="")
    lines = csv.writer(made, lineterminator="\n")
    kind: Any = FILES[name][1]
    lines.writerow(columns_of(kind))
    lines.writerows(cells_of(row).values() for row in sorted(rows, key=lambda row: parts_of(name, row)))
    return made.getvalue().encode()


def city_bytes(pack: Pack) -> bytes:
    """city.toml: as it came where it still holds; `demo` is not its to say once the city runs."""
    known = pack.files.get(CITY)
    told = _city_of(known, pack) if known is not None else None
    if known is not None and told is not None and replace(told, demo=pack.city.demo) == pack.city:
        return known
    facts = {name: value for name, value in asdict(pack.city).items() if value != _default(name)}
    return tomli_w.dumps(facts | {"spans": pack.spans}).encode()


def rules_bytes(pack: Pack, name: str) -> bytes:
    """One part of the rules: as it came where it still holds."""
    known = pack.files.get(rules_file(name))
    if known is not None and (told := _rules_of(pack, name)) is not None and digest(told) == digest(pack.rules[name]):
        return known
    return tomli_w.dumps(pack.rules[name]).encode()


def file_bytes(pack: Pack, file: str) -> bytes | None:
    """One file of the pack as `write_pack` writes it; the default of scoring; None for one that is not there."""
    if file in TABLE_OF:
        return table_bytes(TABLE_OF[file], getattr(pack, TABLE_OF[file]))
    if file == CITY:
        return city_bytes(pack)
    for name in RULES:
        if file == rules_file(name):
            return rules_bytes(pack, name)
    if file == SCORING and file not in pack.files:
        return DEFAULT.read_bytes()
    return pack.files.get(file)


def _city_of(body: bytes, pack: Pack) -> CityFacts | None:
    try:
        return read_city(read_toml(CITY, text_of({CITY: body}, CITY, folder=pack.folder)), [])
    except DubanError:
        return None


def _rules_of(pack: Pack, name: str) -> Mapping[str, Any] | None:
    try:
        return read_toml(rules_file(name), text_of(pack.files, rules_file(name), folder=pack.folder))
    except DubanError:
        return None


def _default(name: str) -> Any:
    default = next(field.default for field in fields(CityFacts) if field.name == name)
    return None if default is MISSING else default
