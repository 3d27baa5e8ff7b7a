"""What all that the API takes and gives has in common."""

from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, StringConstraints

T = TypeVar("T")
LONGEST_TEXT = 2000
UNSEEN = r"\x00-\x08\x0b-\x1f\x7f"
"""Characters that nobody sees and the database does not keep."""
BLANK = rf"\s{UNSEEN}\x09-\x20\x80-\xa0\u1680\u2000-\u200f\u2028-\u202f\u205f\u3000"
Code = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")]
Text = Annotated[str, StringConstraints(max_length=LONGEST_TEXT, pattern=rf"^[^{UNSEEN}]*$")]
Words = Annotated[
    str,
    StringConstraints(min_length=1, max_length=LONGEST_TEXT, pattern=rf"^[^{UNSEEN}]*[^{BLANK}][^{UNSEEN}]*$"),
]
"""Text that must say something."""
SAFE = 2**53 - 1
"""Numbers in a document up to here are the same to every program."""


class Given(BaseModel):
    """What a caller sends."""

    model_config = ConfigDict(extra="forbid")


class Told(BaseModel):
    """What a caller gets."""

    model_config = ConfigDict(from_attributes=True)


class Listed(Told, Generic[T]):
    """A stretch of a list. `next` is the cursor of the stretch that follows; null at the end."""

    items: list[T]
    next: str | None = None


class Named(Told):
    """A code with its name."""

    code: str
    name: str


def one_of(model: type[T], row: Any) -> T:
    """The table's row as what is handed out."""
    return model.model_validate(row)  # type: ignore[attr-defined, no-any-return]
