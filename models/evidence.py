"""What is known of the files that were handed in: what a photo or video is, what looks wrong about it, what is unseen.

Evidence (models/issue.py) says which issue a file belongs to; here is what the file itself is. The bytes lie in the
evidence store under their SHA-256, never in the database.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Column, Index, Integer, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from models.append_only import append_only
from models.columns import code_key, document, kind_of, reference, row_reference, serial_key, text


class Photo(SQLModel, table=True):
    """A picture that was looked at, by the SHA-256 of the file as it was handed in.

    `plain` is it re-encoded, upright, without the camera's notes; `shown` what people see of it, which differs from
    `plain` where something was redacted, `small` a small copy of that. `pixels` is the SHA-256 of its dots,
    `likeness` 64 bits that stay nearly the same when it is shrunk or saved again, `bands` those bits cut up for
    searching. `taken_at` and the place are what the camera noted. `fault` says why it cannot be shown.
    """

    __table_args__ = (
        Index("photo_by_pixels", "pixels"),
        Index("photo_by_bands", "bands", postgresql_using="gin"),
        Index("photo_by_plain", "plain", postgresql_using="hash"),
        Index("photo_by_small", "small", postgresql_using="hash"),
    )
    sha256: str = code_key()
    media_type: str = text(default="")
    width: int = 0
    height: int = 0
    plain: str | None = text(default=None, nullable=True)
    shown: str | None = text(default=None, nullable=True)
    small: str | None = text(default=None, nullable=True)
    pixels: str | None = text(default=None, nullable=True)
    likeness: int | None = Field(default=None, sa_type=BigInteger)
    bands: list[int] = Field(default_factory=list, sa_column=Column(ARRAY(Integer), nullable=False))
    taken_at: datetime | None = None
    lat: float | None = None
    lng: float | None = None
    fault: str = text(default="")
    looked_at: datetime


class Video(SQLModel, table=True):
    """A video that was looked at, by the SHA-256 of the file, which is shown as it is: nothing of it is drawn anew.

    `patches` are the bytes of it that nobody is shown, the notes of the camera: [from, how many, instead, in hex].
    `coding` names how it is coded, `taken_at` and the place are what the camera noted. `fault` says why it cannot be
    shown. `withheld`: who may redact decided that nobody else is to see it.
    """

    sha256: str = code_key()
    media_type: str = text(default="")
    milliseconds: int = Field(default=0, sa_type=BigInteger)
    width: int = 0
    height: int = 0
    coding: str = text(default="")
    patches: list[Any] = document(default_factory=list)
    taken_at: datetime | None = None
    lat: float | None = None
    lng: float | None = None
    fault: str = text(default="")
    withheld: bool = False
    looked_at: datetime


class FlagKind(StrEnum):
    """What looks wrong about a piece of evidence. A person decides what it means."""

    SAME_FILE = "same_file"
    SAME_PICTURE = "same_picture"
    BEFORE_IS_AFTER = "before_is_after"
    TAKEN_BEFORE = "taken_before"
    TOO_FAR = "too_far"


class EvidenceFlag(SQLModel, table=True):
    """Something that looks wrong, for good on record. `other_id` is the evidence that it was compared with."""

    __tablename__ = "evidence_flag"
    __table_args__ = (UniqueConstraint("evidence_id", "kind"), Index("evidence_flag_of_issue", "issue_id"))
    id: int | None = serial_key()
    kind: FlagKind = kind_of(FlagKind)
    evidence_id: int = row_reference("evidence.id")
    other_id: int | None = row_reference("evidence.id", default=None, nullable=True)
    issue_id: int = row_reference("issue.id")
    facts: dict[str, Any] = document(default_factory=dict)
    at: datetime


class Judgement(StrEnum):
    """What somebody made of a flag: it counts against the proof, or there is nothing to it."""

    KEPT = "kept"
    DISMISSED = "dismissed"


class FlagDecision(SQLModel, table=True):
    """Who decided about a flag, once, and why."""

    __tablename__ = "evidence_flag_decision"
    flag_id: int = Field(primary_key=True, foreign_key="evidence_flag.id", sa_type=BigInteger)
    decision: Judgement = kind_of(Judgement)
    reason: str = text()
    decided_by: str = reference("person.code")
    decided_at: datetime


class Redaction(SQLModel, table=True):
    """Faces and plates made unseen, by hand. The latest one of a photo holds; one without areas shows all again.

    `areas` are rectangles [left, top, width, height] in thousandths of the picture.
    """

    __table_args__ = (Index("redaction_of_photo", "sha256"),)
    id: int | None = serial_key()
    sha256: str = reference("photo.sha256")
    areas: list[Any] = document(default_factory=list)
    shown: str = text()
    small: str = text()
    reason: str = text(default="")
    redacted_by: str = reference("person.code")
    redacted_at: datetime


class Withholding(SQLModel, table=True):
    """A video kept from everybody, or shown again. The latest one of a video holds."""

    __table_args__ = (Index("withholding_of_video", "sha256"),)
    id: int | None = serial_key()
    sha256: str = reference("video.sha256")
    withheld: bool
    reason: str = text()
    decided_by: str = reference("person.code")
    decided_at: datetime


class Upload(SQLModel, table=True):
    """A file on its way in: sent in parts, checked when the last one is there, then named by a form.

    Times are the machine's, not the city's. `taken_at` and the place are what the phone said of it.
    """

    __table_args__ = (
        Index("upload_of_person", "person_code", postgresql_where=sql("used_at IS NULL")),
        Index("upload_began_at", "began_at"),
        Index("upload_by_content", "sha256"),
    )
    key: str = code_key()
    person_code: str = reference("person.code")
    name: str = text()
    size: int = Field(sa_type=BigInteger)
    sha256: str | None = text(default=None, nullable=True)
    media_type: str = text(default="")
    taken_at: datetime | None = None
    lat: float | None = None
    lng: float | None = None
    began_at: datetime
    finished_at: datetime | None = None
    used_at: datetime | None = None


append_only(EvidenceFlag.__table__)  # type: ignore[attr-defined]
append_only(FlagDecision.__table__)  # type: ignore[attr-defined]
append_only(Redaction.__table__)  # type: ignore[attr-defined]
append_only(Withholding.__table__)  # type: ignore[attr-defined]
