"""The rules in words, their versions, how two differ, and taking an old one up again; the same for the calendar."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from models.errors import WrongValue
from models.scoring.parsing import FILE as SCORING
from services import administering, rulebook
from services.cities.reading import RULES
from web import forms
from web.admin import proposing, rule_words
from web.admin.shared import MANAGER, key_given, show
from web.deps import Desk, Here
from web.forms import Sent

router = APIRouter(prefix="/admin")
MOST_VERSIONS = 50


@router.get("/rules", response_class=HTMLResponse)
def rules(here: Here, _reader: MANAGER) -> HTMLResponse:
    """Severities, ladder, close-out and policy as they are in force."""
    code = rulebook.the_city(here.session).rule_set_code or ""
    now = rulebook.rules(here.session, code)
    return show(
        here,
        "rules",
        code=code,
        severities=rule_words.severities(now),
        ladder=rule_words.ladder(now),
        stages=rule_words.stages(now),
        speeds=rule_words.speeds(now),
        close_out=rule_words.conditions(now),
        policy=list(rule_words.plain(now.policy)),
        files=[*(f"rules/{name}.toml" for name in RULES), SCORING],
    )


@router.get("/rules/versions", response_class=HTMLResponse)
def rules_versions(here: Here, _reader: MANAGER, old: str = "", new: str = "") -> HTMLResponse:
    """Every version of the rules; with two of them in the address, how they differ."""
    found = administering.rules_versions(here.session)[:MOST_VERSIONS]
    lines = [(one.code, one.created_at, one.code[:12], one.current, one.open_issues) for one in found]
    differences = (
        administering.rules_difference(here.session, old=key_given(old), new=key_given(new)) if old and new else None
    )
    return _versions(here, lines, differences, old=old, new=new, of="rules")


@router.post("/rules/versions")
def rules_back(here: Here, reader: MANAGER, form: Sent) -> Response:
    """What taking an old version up again would do."""
    edits = administering.rules_back(here.session, code=forms.text(form, "version", longest=100))
    return proposing.page(here, reader, edits, proposing.propose(here, reader, edits))


@router.get("/calendar/versions", response_class=HTMLResponse)
def calendar_versions(here: Here, _reader: MANAGER, old: str = "", new: str = "") -> HTMLResponse:
    """The same for the calendar."""
    found = administering.calendar_versions(here.session)[:MOST_VERSIONS]
    lines = [(str(one.version), one.created_at, one.source, one.current, one.open_issues) for one in found]
    differences = (
        administering.calendar_difference(here.session, old=_whole(old), new=_whole(new)) if old and new else None
    )
    return _versions(here, lines, differences, old=old, new=new, of="calendar")


@router.post("/calendar/versions")
def calendar_back(here: Here, reader: MANAGER, form: Sent) -> Response:
    """What taking an old version up again would do."""
    version = _whole(forms.text(form, "version", longest=20))
    edits = administering.calendar_back(here.session, version=version)
    return proposing.page(here, reader, edits, proposing.propose(here, reader, edits))


def _whole(written: str) -> int:
    if not (written.isascii() and written.isdecimal() and len(written) < 10):
        raise WrongValue(field="version", value=written[:40], expected="a whole number")
    return int(written)


def _versions(
    here: Desk, lines: list[tuple[Any, ...]], differences: Any, *, old: str, new: str, of: str
) -> HTMLResponse:
    return show(here, "versions", lines=lines, differences=differences, old=old, new=new, of=of)
