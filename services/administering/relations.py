"""How the files of a pack hang together: which column names a row of which file, and how rows end."""

from collections.abc import Mapping

from models.errors import NotFound
from models.unit import OwnerKind
from services.cities.reading import FILES, PARTS

REFERENCES: Mapping[tuple[str, str], str] = {
    ("areas", "parent_code"): "areas",
    ("areas", "managed_by"): "areas",
    ("units", "area_code"): "areas",
    ("tenures", "post_code"): "posts",
    ("tenures", "person_code"): "persons",
    ("deputies", "person_code"): "persons",
    ("deputies", "deputy_code"): "persons",
    ("contacts", "person_code"): "persons",
    ("versions", "system_code"): "systems",
    ("categories", "system_code"): "systems",
    **{(part, "version_code"): "versions" for part in PARTS},
    ("weights", "category_code"): "categories",
    ("counties", "area_code"): "areas",
    ("standards", "version_code"): "versions",
    ("standards", "category_code"): "categories",
    ("points", "category_code"): "categories",
    ("points", "area_code"): "areas",
    ("points", "lead_unit"): "units",
    ("tasks", "category_code"): "categories",
    ("tasks", "point_code"): "points",
    ("tasks", "unit_code"): "units",
    ("tasks", "person_code"): "persons",
    ("stories", "point_code"): "points",
    ("stories", "standard_code"): "standards",
}
"""(file, column) → the file whose code stands there. `standards.lead` may name a unit or a level, so it is none."""
OWNERS: Mapping[OwnerKind, str] = {OwnerKind.AREA: "areas", OwnerKind.UNIT: "units", OwnerKind.POINT: "points"}
"""What `posts.owner_code` names, by `owner_kind`."""
BY_DAY = frozenset({"areas", "units", "tenures", "deputies"})
"""Rows that end on a day and stay in the file."""
CLOSED = frozenset({"points", "contacts"})
"""Rows that leave the file when they are closed."""
LOOSE = frozenset({"days", "stories"})
"""Rows that are simply taken out: nothing in the record points at them."""


def known(name: str) -> str:
    """The name of a table. Raises NotFound."""
    if name not in FILES:
        raise NotFound(what="table", code=name[:40])
    return name


def ends_how(name: str) -> str:
    """`valid_to`, `gone` or `never`."""
    if name in BY_DAY:
        return "valid_to"
    return "gone" if name in CLOSED | LOOSE else "never"
