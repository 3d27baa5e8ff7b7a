"""Papers, flags on photos, and redaction as the API takes and gives them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from models.evidence import FlagKind, Judgement
from models.paper import OF_NO_ISSUE, PaperKind
from web.api.schemas.base import SAFE, Given, Text, Told, Words


class Paper(Told):
    """An issued paper; as a page and as a Word file it lies below /issues/{number}/papers/{id}."""

    id: int
    number: str
    kind: PaperKind
    step: str
    issued_at: datetime
    issued_by: str


class Papers(Told):
    """Those that you may print, newest first, and the kinds that you may issue now."""

    items: list[Paper]
    issuable: list[PaperKind]


class NewPaper(Given):
    """Which paper is issued; `when` and `place` are for an interview notice."""

    kind: Annotated[
        PaperKind, Field(json_schema_extra={"enum": [one.value for one in PaperKind if one not in OF_NO_ISSUE]})
    ]
    when: Annotated[Text, Field(max_length=200)] = ""
    place: Annotated[Text, Field(max_length=200)] = ""


class IssuedPaper(Told):
    """`repeated`: it was there already."""

    number: str
    repeated: bool


class Flag(Told):
    """Something about a photo looks wrong; a person decides whether it counts. `facts` say what was seen."""

    id: int
    kind: FlagKind
    evidence_id: int
    number: str
    at: datetime
    facts: Mapping[str, Any]
    decision: Judgement | None
    reason: str | None
    decided_by: str | None
    decided_at: datetime | None


class Decision(Given):
    """It counts, or there is nothing to it; decided once."""

    decision: Judgement
    reason: Words


class Area(Told):
    """A rectangle of the picture, in thousandths of its width and height."""

    left: int
    top: int
    width: int
    height: int


class NewArea(Given):
    """A rectangle that lies inside the picture, in thousandths of its width and height."""

    left: Annotated[int, Field(ge=0, le=1000)]
    top: Annotated[int, Field(ge=0, le=1000)]
    width: Annotated[int, Field(ge=1, le=1000)]
    height: Annotated[int, Field(ge=1, le=1000)]


class NewRedaction(Given):
    """What is to be unseen from now on, instead of what was; nothing shows the whole photo again.

    `seen`: the `latest` that you have read.
    """

    areas: Annotated[list[NewArea], Field(max_length=50)]
    seen: Annotated[int, Field(ge=0, le=SAFE)]
    reason: Text = ""


class Redacted(Told):
    """What is unseen now. `latest`: the number of that redaction, 0 for none."""

    areas: list[Area]
    latest: int
