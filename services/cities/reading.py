"""Reading a city pack: every cell typed, every bad cell told at once, nothing used of a pack that has one."""

import tomllib
from collections.abc import Mapping
from datetime import date, time
from pathlib import Path
from typing import Any

from models.errors import BadRow, BadRows, UnreadableFile
from models.scoring.parsing import FILE as SCORING
from services.cities import rows
from services.cities.kept import kept
from services.cities.pack import Pack
from services.cities.reading_city import read_city
from services.cities.reading_tables import read_rows

FILES: Mapping[str, tuple[str, type[Any]]] = {
    "areas": ("areas.csv", rows.AreaRow),
    "units": ("units.csv", rows.UnitRow),
    "persons": ("persons.csv", rows.PersonRow),
    "posts": ("posts.csv", rows.PostRow),
    "tenures": ("tenures.csv", rows.TenureRow),
    "deputies": ("deputies.csv", rows.DeputyRow),
    "contacts": ("contacts.csv", rows.ContactRow),
    "systems": ("checklist/systems.csv", rows.SystemRow),
    "versions": ("checklist/versions.csv", rows.VersionRow),
    "categories": ("checklist/categories.csv", rows.CategoryRow),
    "modules": ("checklist/modules.csv", rows.ModuleRow),
    "years": ("checklist/years.csv", rows.YearRow),
    "weights": ("checklist/weights.csv", rows.WeightRow),
    "items": ("checklist/items.csv", rows.ItemRow),
    "contents": ("checklist/contents.csv", rows.ContentRow),
    "negative": ("checklist/negative.csv", rows.NegativeRow),
    "gates": ("checklist/gates.csv", rows.GateRow),
    "counties": ("checklist/counties.csv", rows.CoCreationRow),
    "standards": ("checklist/standards.csv", rows.StandardRow),
    "points": ("points.csv", rows.PointRow),
    "tasks": ("tasks.csv", rows.TaskRow),
    "days": ("calendar/calendar_days.csv", rows.DayRow),
    "stories": ("issues.csv", rows.StoryRow),
}
TABLE_OF: Mapping[str, str] = {file: name for name, (file, _) in FILES.items()}
PARTS = ("modules", "years", "weights", "items", "contents", "negative", "gates", "counties")
"""What an edition of an evaluation system may state besides its standards."""
OPTIONAL = frozenset({"deputies", "contacts", "tasks", "stories", *PARTS})
DEEPEST = 12
"""Tables and lists within one another in a TOML file."""
RULES = ("severities", "ladder", "closeout", "policy")


def rules_file(name: str) -> str:
    """Where one part of the rules lies in a pack."""
    return f"rules/{name}.toml"


def read_pack(folder: Path) -> Pack:
    """A pack as typed rows. Raises UnreadableFile for a file that is missing or not CSV, TOML or UTF-8; BadRows."""
    return parse_pack(_files_of(folder), folder=folder)


def parse_pack(files: Mapping[str, bytes], *, folder: Path) -> Pack:
    """A pack from the contents of its files, by their paths in `folder`. Raises as `read_pack` does."""
    problems: list[BadRow] = []
    tables = {
        name: tuple(read_rows(file, text_of(files, file, folder=folder), kind, problems))
        for name, (file, kind) in FILES.items()
        if file in files or name not in OPTIONAL
    }
    rules = {name: read_toml(rules_file(name), text_of(files, rules_file(name), folder=folder)) for name in RULES}
    city = read_city(read_toml("city.toml", text_of(files, "city.toml", folder=folder)), problems)
    if SCORING in files:
        read_toml(SCORING, text_of(files, SCORING, folder=folder))
    for file in files:
        if file.endswith(".txt"):
            text_of(files, file, folder=folder)
    if problems or city is None:
        raise BadRows(file=folder.name, rows=problems)
    others = {file: content for file, content in files.items() if file not in TABLE_OF}
    empty = dict.fromkeys(OPTIONAL, ())
    return Pack(folder=folder, city=city, rules=rules, files=others, **{**empty, **tables})


def text_of(files: Mapping[str, bytes], file: str, *, folder: Path) -> str:
    """A file's text. Raises UnreadableFile for one that is not there or not UTF-8."""
    try:
        return files[file].decode("utf-8-sig")
    except KeyError as error:
        raise UnreadableFile(file=folder / file, expected="a file of the pack", why="it is not there") from error
    except UnicodeDecodeError as error:
        raise UnreadableFile(file=file, expected="UTF-8", why=str(error)) from error


def read_toml(file: str, text: str) -> dict[str, Any]:
    """A TOML file. Raises UnreadableFile, with the line, or the setting that no database could keep."""
    try:
        content = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # ValueError: not TOML, or a number of thousands of digits
        raise UnreadableFile(file=file, expected="TOML", why=str(error)) from error
    _check_kept(file, content, ())
    return content


def _check_kept(file: str, value: Any, path: tuple[str, ...]) -> None:
    """Raises UnreadableFile for what a JSON document of the database cannot hold."""
    if len(path) > DEEPEST:
        raise UnreadableFile(file=file, expected="TOML of a few levels", why=".".join(path[:3]))
    if isinstance(value, (date, time)):
        raise UnreadableFile(file=file, expected="TOML with dates and times as texts, such as “08:10”", why=path[-1])
    if isinstance(value, str) and "\0" in value:
        raise UnreadableFile(file=file, expected="text without control characters", why=path[-1].replace("\0", "?"))
    inner = value.items() if isinstance(value, dict) else enumerate(value, 1) if isinstance(value, list) else ()
    for name, one in inner:
        _check_kept(file, str(name), (*path, str(name)))
        _check_kept(file, one, (*path, str(name)))


def _files_of(folder: Path) -> Mapping[str, bytes]:
    """What of a folder belongs to a pack: the files of the tables, and those that are kept as they are."""
    paths = [folder / file for file in TABLE_OF if (folder / file).exists()]
    return {path.relative_to(folder).as_posix(): _read(path) for path in [*paths, *kept(folder)]}


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFile(file=path, expected="a file of the pack", why=error.strerror or str(error)) from error
