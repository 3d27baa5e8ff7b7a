"""What is drafted, approved and then published, never to change: scores of a round, a month's appraisal, bulletins."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import DDL, Index, event
from sqlalchemy import text as sql
from sqlmodel import Field, SQLModel

from models.append_only import append_only
from models.columns import document, kind_of, reference, row_reference, serial_key, text
from models.seal import plain


class PublicationKind(StrEnum):
    """What is published. A bulletin shows figures; scores and an appraisal are figures that others rest on."""

    ROUND_SCORES = "round_scores"
    APPRAISAL = "appraisal"
    ANNUAL = "annual"
    HALF_MONTH = "half_month"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class PublicationState(StrEnum):
    """A draft may change; what is approved may only go back to a draft; what is published is frozen for ever."""

    DRAFT = "draft"
    APPROVED = "approved"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class PublicationAct(StrEnum):
    """What somebody did to it."""

    DRAFTED = "drafted"
    CHANGED = "changed"
    APPROVED = "approved"
    SENT_BACK = "sent_back"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Publication(SQLModel, table=True):
    """One edition of one kind for one area and period, both days included.

    `subject` tells apart what the period does not, such as the number of a round. `formula` is the code of the scoring
    version behind the figures, empty where none is. What was published wrongly stays: the next edition replaces it.
    """

    __table_args__ = (
        Index(
            "one_publication_of_an_edition",
            *("kind", "area_code", "period_from", "period_to", "subject", "edition"),
            unique=True,
            postgresql_where=sql("state <> 'withdrawn'"),
        ),
    )
    id: int | None = serial_key()
    kind: PublicationKind = kind_of(PublicationKind)
    area_code: str = reference("area.code", index=True)
    period_from: date
    period_to: date
    subject: str = text(default="")
    edition: int = 1
    state: PublicationState = kind_of(PublicationState, default=PublicationState.DRAFT)
    formula: str = text(default="")
    content: dict[str, Any] = document()
    content_sha256: str = text()
    drafted_at: datetime
    published_at: datetime | None = Field(default=None, index=True)


class PublicationEvent(SQLModel, table=True):
    """One act, by whom, when and why, with the hash of the content that it was done to. Append-only.

    `who` is a person's code, or `system`.
    """

    __tablename__ = "publication_event"
    id: int | None = serial_key()
    publication_id: int = row_reference("publication.id", index=True)
    act: PublicationAct = kind_of(PublicationAct)
    who: str = text()
    at: datetime
    why: str = text(default="")
    content_sha256: str = text()


def content_hash(content: Mapping[str, Any]) -> str:
    """SHA-256 of everything published, in hexadecimal; the same before and after a round through the database."""
    written = json.dumps(plain(content), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


FROZEN = """
CREATE OR REPLACE FUNCTION refuse_unfreezing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.state IN ('published', 'withdrawn')
     OR (OLD.state = 'approved' AND (OLD.content, OLD.content_sha256, OLD.formula)
                                 IS DISTINCT FROM (NEW.content, NEW.content_sha256, NEW.formula))
     OR (OLD.kind, OLD.area_code, OLD.period_from, OLD.period_to, OLD.subject, OLD.edition)
        IS DISTINCT FROM (NEW.kind, NEW.area_code, NEW.period_from, NEW.period_to, NEW.subject, NEW.edition) THEN
    RAISE EXCEPTION 'publication % is %: % is refused', OLD.id, OLD.state, TG_OP USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
"""
TRIGGERS = (
    "CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON publication FOR EACH ROW EXECUTE FUNCTION refuse_unfreezing()",
    "CREATE TRIGGER never_emptied BEFORE TRUNCATE ON publication FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
)

append_only(PublicationEvent.__table__)  # type: ignore[attr-defined]
# The migrations hold their own copy, as they never change. The table of events makes refuse_change() before.
for statement in (FROZEN, *TRIGGERS):
    event.listen(Publication.__table__, "after_create", DDL(statement.replace("%", "%%")))  # type: ignore[attr-defined,no-untyped-call]
