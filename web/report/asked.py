"""A report on its way through the steps: all of it stands in the address, so that back, reload and share work.

Photos stand there by the keys of their uploads, which are of use to nobody but the person who sent them.
"""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self
from urllib.parse import urlencode

from starlette.datastructures import FormData, QueryParams

from models.errors import WrongValue
from services.reporting_places import is_position

KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")
CODE = re.compile(r"[\w.:/()-]{1,64}")
MOST_PHOTOS = 9


@dataclass(frozen=True)
class Asked:
    """What is known of the report so far; `key` names it for good."""

    key: str
    point: str = ""
    area: str = ""
    category: str = ""
    standard: str = ""
    lat: float | None = None
    lng: float | None = None
    uploads: tuple[str, ...] = ()

    @classmethod
    def of(cls, given: QueryParams | FormData) -> Self:
        """What an address or a form says. A key that is none is made anew. Raises WrongValue for what cannot be."""
        key = _text(given, "key")
        lat, lng = _position(given)
        found = cls(
            key=key if KEY.fullmatch(key) else secrets.token_urlsafe(18),
            point=_code(given, "point"),
            area=_code(given, "area"),
            category=_code(given, "category"),
            standard=_code(given, "standard"),
            lat=lat,
            lng=lng,
        )
        return found._with(given)

    def _with(self, given: QueryParams | FormData) -> Self:
        dropped = set(given.getlist("drop"))
        keys = [one for one in given.getlist("upload") if isinstance(one, str) and KEY.fullmatch(one)]
        found = replace(self, uploads=tuple(one for one in dict.fromkeys(keys) if one not in dropped)[:MOST_PHOTOS])
        chosen = _text(given, "place")
        kind, _, code = chosen.partition(":")
        if kind not in ("point", "area") or not CODE.fullmatch(code):
            return found
        return replace(found, point=code if kind == "point" else "", area=code if kind == "area" else "")

    @property
    def place(self) -> str:
        """The chosen place as a form has it."""
        return f"point:{self.point}" if self.point else f"area:{self.area}" if self.area else ""

    def fields(self) -> list[tuple[str, str]]:
        """As hidden fields, or as the parts of an address."""
        named = {"key": self.key, "point": self.point, "area": self.area}
        named |= {"category": self.category, "standard": self.standard}
        position = [] if self.lat is None else [("lat", f"{self.lat:.6f}"), ("lng", f"{self.lng:.6f}")]
        return [*((name, value) for name, value in named.items() if value), *position, *self._photos()]

    def _photos(self) -> list[tuple[str, str]]:
        return [("upload", key) for key in self.uploads]

    def at(self, step: str, **more: str) -> str:
        """The address of a step with all of this, and with what is to change."""
        known: Mapping[str, Any] = vars(self)
        changes: dict[str, Any] = {name: value for name, value in more.items() if name in known}
        changed = replace(self, **changes)
        rest = [(name, value) for name, value in more.items() if name not in known and value]
        return f"{step}?{urlencode([*changed.fields(), *rest])}"


def _text(given: QueryParams | FormData, name: str) -> str:
    value = given.get(name)
    return value.strip() if isinstance(value, str) else ""


def _code(given: QueryParams | FormData, name: str) -> str:
    code = _text(given, name)
    if code and not CODE.fullmatch(code):
        raise WrongValue(field=name, value=ascii(code[:40]), expected="a code")
    return code


def _position(given: QueryParams | FormData) -> tuple[float | None, float | None]:
    """Both or none. Raises WrongValue for what is no position."""
    written = _text(given, "lat"), _text(given, "lng")
    if not any(written):
        return None, None
    try:
        lat, lng = float(written[0]), float(written[1])
    except ValueError:
        lat = lng = float("nan")
    if not is_position(lat, lng):
        raise WrongValue(field="lat, lng", value=ascii(", ".join(written)[:60]), expected="degrees")
    return lat, lng
