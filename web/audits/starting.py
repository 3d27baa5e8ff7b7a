"""Starting an audit: what to look at, how many points, who goes. First a look at what is there, then the draw."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from models import terms
from models.audit import RoundKind
from models.errors import DubanError, MissingInput, WrongValue
from models.permissions import Right
from runtime.i18n import gettext as _
from runtime.i18n import language, say
from services import audits
from services.audit_choices import choices
from services.audits import LARGEST_SEED, MOST_POINTS, AuditOrder, KeyUsed
from services.people import city_day
from web import forms
from web.deps import Desk, Here
from web.errors import status_of
from web.forms import Sent
from web.login import Reader, allowed

router = APIRouter()
Starter = Annotated[Reader, Depends(allowed(Right.START_AUDIT))]
KINDS = (RoundKind.ANNOUNCED, RoundKind.COVERT, RoundKind.MOCK, RoundKind.SPECIAL, RoundKind.LOOK_BACK)
USUAL_POINTS = "20"
LONGEST = 100
"""Characters of one field; the rest is cut off: no code or number is as long."""


@dataclass(frozen=True)
class Filled:
    """The form as it was sent, to be shown again."""

    kind: str = RoundKind.ANNOUNCED
    area: str = ""
    other_area: str = ""
    points: str = USUAL_POINTS
    on: str = ""
    seed: str = ""
    version: str = ""
    categories: frozenset[str] = frozenset()
    inspectors: frozenset[str] = frozenset()
    held: bool = False
    key: str = field(default_factory=lambda: secrets.token_urlsafe(12))

    @property
    def place(self) -> str:
        """The code that was typed goes before the place that was chosen."""
        return self.other_area or self.area


@router.get("/new", response_class=HTMLResponse)
def new(here: Here, reader: Starter, request: Request) -> HTMLResponse:
    """The form; with `look`, also how many points of each category are there."""
    filled = _filled(FormData([*request.query_params.multi_items()])) if request.query_params.get("look") else Filled()
    try:
        there = _there(here, reader, filled) if filled.place else None
        return _page(here, reader, filled, there=there)
    except DubanError as error:
        return _page(here, reader, filled, wrong=say(error), status=status_of(error))


@router.post("/new")
def start(here: Here, reader: Starter, form: Sent) -> Response:
    """Draw, make the sheets, tell the inspectors."""
    filled = _filled(form)
    try:
        started = audits.start(here.session, _order(here, reader, filled), now=here.now)
    except KeyUsed as error:
        here.session.rollback()
        words = _(
            "This page has started audit {number} already. Send it again, and another one starts as filled in here."
        )
        wrong = words.format(number=error.params["number"])
        return _page(here, reader, replace(filled, key=Filled().key), wrong=wrong, status=409)
    except DubanError as error:
        here.session.rollback()
        return _page(here, reader, filled, wrong=say(error), status=status_of(error))
    here.session.commit()
    return RedirectResponse(f"/audits/{started.number}", 303)


def _filled(form: FormData) -> Filled:
    names = ("kind", "area", "other_area", "points", "on", "seed", "version")
    one = {name: forms.cleaned(form.get(name))[:LONGEST] for name in names}
    return Filled(
        **one,
        categories=frozenset(forms.texts(form, "category")),
        inspectors=frozenset(forms.texts(form, "inspector")),
        held=bool(form.get("held")),
        **({"key": key} if (key := forms.text(form, "key", longest=40)) else {}),
    )


def _order(here: Desk, reader: Reader, filled: Filled) -> AuditOrder:
    """Raises WrongValue, MissingInput."""
    if not filled.place:
        raise MissingInput(action="audit", missing="area")
    return AuditOrder(
        kind=_kind(filled.kind),
        area_code=filled.place,
        points=_number("points", filled.points, most=MOST_POINTS),
        seed=_number("seed", filled.seed, most=LARGEST_SEED) if filled.seed else _seed(filled.key),
        inspectors=tuple(sorted(filled.inspectors)),
        on_date=_day(filled.on) if filled.on else city_day(here.session, here.now),
        requested_by=reader.code,
        categories=tuple(sorted(filled.categories)),
        version_code=filled.version or None,
        key=f"page:{reader.code}:{filled.key}",
        held=filled.held,
    )


def _seed(key: str) -> int:
    """Drawn by the page, and the same when it is sent twice."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:4]) & LARGEST_SEED


def _kind(written: str) -> RoundKind:
    if written not in KINDS:
        raise WrongValue(field="kind", value=written, expected=", ".join(KINDS))
    return RoundKind(written)


def _number(name: str, written: str, *, most: int) -> int:
    if not written.isdecimal() or int(written) > most:
        raise WrongValue(field=name, value=written, expected=f"1–{most}" if name == "points" else f"0–{most}")
    return int(written)


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise WrongValue(field="on", value=written, expected="2026-11-02") from None


def _there(here: Desk, reader: Reader, filled: Filled) -> Mapping[str, int]:
    """How many points of each category could be drawn."""
    found = audits.available(here.session, _order(here, reader, filled), now=here.now)
    return {category: len(points) for category, points in found.items()}


def _page(
    here: Desk,
    reader: Reader,
    filled: Filled,
    *,
    there: Mapping[str, int] | None = None,
    wrong: str = "",
    status: int = 200,
) -> HTMLResponse:
    return here.pages.show(
        here.request,
        "audits/new",
        status=status,
        filled=filled,
        wrong=wrong,
        there=there,
        kinds=[(kind.value, terms.term(terms.ROUNDS, kind, language())) for kind in KINDS],
        choices=choices(
            here.session, reader.held(Right.START_AUDIT), today=city_day(here.session, here.now), lang=language()
        ),
        today=city_day(here.session, here.now),
    )
