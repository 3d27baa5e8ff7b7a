"""What administrators changed in the city, and the files of its pack that are no table."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, LargeBinary
from sqlmodel import Field, SQLModel

from models.append_only import append_only
from models.columns import code_key, document, kind_of, reference, row_reference, serial_key, text


class ChangeKind(StrEnum):
    """What became of a row or a file. `loaded`: a city's very first load, told as one number per table."""

    NEW = "new"
    CHANGED = "changed"
    ENDED = "ended"
    BACK = "back"
    LOADED = "loaded"


class CityChangeSet(SQLModel, table=True):
    """What was changed in one go: one transaction, by one person, for one reason. Append-only.

    `fingerprint` is that of the proposal that was confirmed, so that confirming it twice is once; empty after a load.
    """

    __tablename__ = "city_change_set"
    number: int | None = serial_key()
    at: datetime = Field(index=True)
    who: str = text(index=True)
    why: str = text()
    fingerprint: str = text(default="", index=True)


class CityChange(SQLModel, table=True):
    """One row of a table, or one file, that a set changed. Append-only; addresses of persons stand here masked.

    `place` is the table (`units`) or the file (`rules/ladder.toml`); `key` is empty for a file. `before` and `after`
    hold the cells that changed, written as the pack writes them; of a file they hold the hash of its content.
    """

    __tablename__ = "city_change"
    __table_args__ = (Index("city_change_of_row", "place", "key", "id"),)
    id: int | None = serial_key()
    set_number: int = row_reference("city_change_set.number", index=True)
    place: str = text()
    key: str = text(default="")
    kind: ChangeKind = kind_of(ChangeKind)
    before: dict[str, Any] = document(default_factory=dict)
    after: dict[str, Any] = document(default_factory=dict)


class PackBody(SQLModel, table=True):
    """The content of a file of the pack, under its hash. Append-only: what was in force can be looked at again."""

    __tablename__ = "pack_body"
    sha256: str = code_key()
    body: bytes = Field(sa_type=LargeBinary)


class PackFile(SQLModel, table=True):
    """A file of the pack in force that fills no table: templates, papers, rules with their comments, notices."""

    __tablename__ = "pack_file"
    path: str = code_key()
    sha256: str = reference("pack_body.sha256")


append_only(CityChangeSet.__table__)  # type: ignore[attr-defined]
append_only(CityChange.__table__)  # type: ignore[attr-defined]
append_only(PackBody.__table__)  # type: ignore[attr-defined]
