"""Where each errand is done: its page."""

from collections.abc import Callable, Mapping
from urllib.parse import quote, urlencode

from models.errand import ErrandKind
from models.publication import PublicationKind
from services.work_errands import Errand


def address(one: Errand, *, city: str) -> str:
    """The page on which it is done. `city`: the code of the whole city, which addresses leave out."""
    if one.kind in _OF_PLACES:
        return _OF_PLACES[one.kind](one, city)
    return _PLAIN[one.kind].format(key=quote(one.key, safe=""), ref=quote(one.ref, safe=""), **one.facts)


def _asked(path: str, **given: str) -> str:
    return f"{path}?{urlencode({name: value for name, value in given.items() if value})}"


def _month(one: Errand, city: str) -> str:
    unit = quote(one.facts["unit"], safe="")
    return _asked(f"/ranking/{one.ref}/units/{unit}", draft="1", area=_beside(one, city))


def _publication(one: Errand, city: str) -> str:
    """Bulletins have pages of their own; scores are approved where they are looked at."""
    day, ref = str(one.facts["from"]), quote(one.ref, safe="")
    if one.detail == PublicationKind.APPRAISAL:
        return _asked(f"/ranking/{day[:7]}", draft="1", area=_beside(one, city))
    if one.detail == PublicationKind.ROUND_SCORES:
        return f"/scores/rounds/{ref}?draft=1"
    if one.detail == PublicationKind.ANNUAL:
        return _asked(f"/scores/years/{day[:4]}", system=one.ref, draft="1")
    return f"/bulletins/{one.key}"


def _beside(one: Errand, city: str) -> str:
    area = str(one.facts["area"])
    return "" if area == city else area


K = ErrandKind
_PLAIN: Mapping[ErrandKind, str] = {
    **dict.fromkeys((K.MEASURE, K.SECOND, K.REPLY, K.INTERVIEW, K.OUTCOME), "/accountability/{key}"),
    **dict.fromkeys((K.FILE, K.REVIEW), "/filing/{key}"),
    K.INSTRUCTION: "/instructions/{key}",
    K.LETTER: "/tasks/letters/{key}",
    K.APPEAL: "/appeals/{key}",
    K.RECHECK: "/audits/{key}/again",
    K.SURVEY: "/surveys/{ref}/places/{place}",
    K.PATROL: "/patrols",
}
_OF_PLACES: Mapping[ErrandKind, Callable[[Errand, str], str]] = {
    K.APPEAL_WINDOW: _month,
    K.APPROVE: _publication,
    K.PUBLISH: _publication,
}
