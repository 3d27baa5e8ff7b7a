"""Output: a table on a terminal, tab-separated when piped, JSON when asked for."""

import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any

import typer

from cli import times
from runtime.i18n import gettext as _

Row = Mapping[str, Any]


def plain(value: Any) -> str:
    """A value as a person reads it, on one line."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime | date):
        return times.shown(value)
    if isinstance(value, list | tuple):
        return ", ".join(map(plain, value))
    return harmless(str(value.value if isinstance(value, Enum) else value))


def harmless(text: str) -> str:
    """Text of others without line breaks and control characters, which could steer a terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


@dataclass(frozen=True)
class Column:
    """One column: the key in the row, the heading, and how the value is shown."""

    key: str
    title: str
    show: Callable[[Any], str] = plain


def table(rows: Sequence[Row], columns: Sequence[Column], *, as_json: bool = False, empty: str = "") -> None:
    """Rows under headings. JSON has every key of the rows; `empty` is said where there is none."""
    if as_json:
        print_json(list(rows))
    elif not sys.stdout.isatty():
        typer.echo("\t".join(column.title for column in columns))
        for row in rows:
            typer.echo("\t".join(column.show(row.get(column.key)) for column in columns))
    elif rows:
        _rich_table(rows, columns)
    else:
        typer.echo(empty or _("Nothing found."))


def _rich_table(rows: Sequence[Row], columns: Sequence[Column]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    drawn = Table(header_style="bold", row_styles=["", "dim"] if len(rows) > 8 else None)
    for column in columns:
        drawn.add_column(Text(column.title), overflow="fold")
    for row in rows:
        drawn.add_row(*(Text(column.show(row.get(column.key))) for column in columns))
    Console().print(drawn)


def card(pairs: Iterable[tuple[str, Any]]) -> None:
    """Names and values of one thing, one a line; what is empty is left out."""
    shown = [(name, plain(value)) for name, value in pairs]
    for name, value in shown:
        if value:
            typer.echo(f"{name}\t{value}" if not sys.stdout.isatty() else f"  {name}{' ' * _gap(name)} {value}")


def _gap(name: str) -> int:
    """How many blanks bring names to one width; a Chinese character is two wide."""
    width = sum(2 if ord(letter) > 0x2E7F else 1 for letter in name)
    return max(0, 18 - width)


def print_json(value: Any) -> None:
    """JSON on stdout: times in ISO 8601 with the city's offset, Chinese as it is."""
    typer.echo(as_text(value))


def as_text(value: Any) -> str:
    """The JSON that `print_json` prints."""
    return json.dumps(for_json(value), ensure_ascii=False, indent=2)


def for_json(value: Any) -> Any:
    """The same in the types that JSON knows."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: for_json(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(for_json(key)): for_json(one) for key, one in value.items()}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, list | tuple | set | frozenset):
        return [for_json(one) for one in value]
    if isinstance(value, datetime | date):
        return times.iso(value)
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Decimal):
        return float(value)
    return value if value is None or isinstance(value, bool | int | float | str) else _other(value)


def _other(value: Any) -> Any:
    dump = getattr(value, "model_dump", None)
    return for_json(dump()) if dump else str(value)


def columns_of(row: Any) -> dict[str, Any]:
    """A table's row as a mapping."""
    return dict(row.model_dump())


def say(sentence: str) -> None:
    """A sentence on stdout."""
    typer.echo(sentence)


def note(sentence: str) -> None:
    """A sentence on stderr, so that it does not get into a pipe."""
    typer.echo(sentence, err=True)


def existing(path: Path) -> Path:
    """The path of a file that is there. Raises MissingFile."""
    from cli.errors import MissingFile

    if not path.is_file():
        raise MissingFile(file=path)
    return path
