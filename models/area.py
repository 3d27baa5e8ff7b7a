"""The five-level tree: city, district, street, community, residents' group."""

from datetime import date

from sqlmodel import SQLModel

from models.columns import code_key, reference, text


class Area(SQLModel, table=True):
    """One place of the tree.

    `parent_code` is the statutory parent. A development zone runs streets that belong to a district by statute:
    `managed_by` names the zone, and `path` follows it, because the zone is who answers for them.
    """

    code: str = code_key()
    name: str = text()
    level: int
    parent_code: str | None = reference("area.code", default=None, nullable=True, index=True)
    managed_by: str | None = reference("area.code", default=None, nullable=True)
    path: str = text(index=True)
    local: bool = False
    sample: bool = False
    valid_from: date | None = None
    valid_to: date | None = None
