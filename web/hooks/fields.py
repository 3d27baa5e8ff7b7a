"""The form of a subscription: what was typed, what it means, what it offers."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import Depends, Path
from starlette.datastructures import FormData

from models.hook import Hook
from models.hook_terms import ALL, FAMILIES
from models.permissions import Right
from models.terms import ACTIONS, EVENT_FAMILIES, EVENTS, term
from runtime.i18n import gettext as _
from runtime.i18n import language
from services import list_choices
from services.hooks import Wish
from web import forms
from web.deps import Desk
from web.login import Reader, allowed

Administrator = Annotated[Reader, Depends(allowed(Right.MANAGE_HOOKS))]
Key = Annotated[int, Path(ge=1, le=2**63 - 1)]
EMPTY: Mapping[str, Any] = {"name": "", "url": "", "kinds": [ALL], "area": "", "unit": "", "severities": []}


def typed(form: FormData) -> dict[str, Any]:
    """As it was typed, to be shown again."""
    return {
        "name": forms.text(form, "name", longest=200),
        "url": forms.text(form, "url"),
        "kinds": forms.texts(form, "kind"),
        "area": forms.text(form, "area", longest=100),
        "unit": forms.text(form, "unit", longest=100),
        "severities": forms.texts(form, "severity"),
    }


def wish_of(filled: Mapping[str, Any]) -> Wish:
    """What is asked for. Raises nothing: the service looks at it."""
    return Wish(
        filled["name"],
        filled["url"],
        filled["kinds"],
        filled["area"] or None,
        filled["unit"] or None,
        filled["severities"],
    )


def filled_with(hook: Hook) -> dict[str, Any]:
    """The form of one that is there."""
    return {
        "name": hook.name,
        "url": hook.url,
        "kinds": hook.kinds,
        "area": hook.area_code or "",
        "unit": hook.unit_code or "",
        "severities": hook.severities,
    }


def offered(here: Desk) -> dict[str, Any]:
    """What the form offers: kinds by family, places, units, severities."""
    return {"families": families(), "choices": list_choices.choices(here.session, lang=language())}


def families() -> Sequence[tuple[str, str, Sequence[tuple[str, str]]]]:
    """Each family with its name and its kinds in words."""
    return [
        (family, term(EVENT_FAMILIES, family, language()), [(kind, kind_words(kind)) for kind in kinds])
        for family, kinds in FAMILIES.items()
    ]


def kind_words(kind: str) -> str:
    """A kind of event in words."""
    if kind == ALL:
        return _("everything")
    family, _dot, what = kind.partition(".")
    if what == ALL:
        return _("{family}: all").format(family=term(EVENT_FAMILIES, family, language()))
    if kind in EVENTS:
        return term(EVENTS, kind, language())
    return term(ACTIONS, what, language())
