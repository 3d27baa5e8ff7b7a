"""The description of the API (OpenAPI), completed: summaries in words, scopes of tokens, what each part is for."""

from collections.abc import Callable, Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts

from web.api.doors import Door

TAGS = {
    "issues": "Lists with the filters of the page, one issue with all that belongs to it, reporting.",
    "papers": "Papers of an issue: which there are, issuing one, as a page and as a Word file.",
    "actions": "The lifecycle: what may be done to an issue, one or several, each with what it needs.",
    "evidence": "Photos, videos, papers: sending, copies, what looks wrong about them, making unseen, withholding.",
    "audits": "Audits: starting one, its sheets, recording what was seen, ending it.",
    "exports": "Lists as files.",
    "city": "What the city is made of: areas, units, points, categories, standards, persons.",
    "me": "Whose token it is: rights, messages, work that waits, views, contacts.",
    "boards": "Where the issues stand: counts, trend, hotspots, map.",
    "accountability": "Holding to account: measures that rules propose and people decide.",
    "tasks": "The decomposition table: its holes, progress, task letters: issued, signed for, replaced.",
    "scores": "Scores of rounds, months and years, what each was made from, and their publication.",
    "ranking": "Places of units month by month: live, drafted, published; appeals and their decision.",
    "surveys": "Surveys: drawn, entered by interviewers, their figures; signs of the public form.",
    "filing": "Online filing: the list of material, handing in, review, files.",
    "hooks": "Webhooks: programs that are told what happens. For administrators of the city.",
}
SCOPE = "x-token-scope"


def describe(api: FastAPI) -> None:
    """Have it tell more of itself. The document is made when it is first asked for, and kept."""
    make = api.openapi

    def openapi() -> dict[str, Any]:
        if api.openapi_schema is None:
            api.openapi_schema = _completed(api, make)
        return api.openapi_schema

    api.openapi = openapi  # type: ignore[method-assign]


def _completed(api: FastAPI, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    found = make()
    found["tags"] = [{"name": name, "description": words} for name, words in TAGS.items()]
    scopes = dict(_scopes(api))
    for path, several in found["paths"].items():
        for method, operation in several.items():
            words = str(operation.get("description", ""))
            if words and "from " not in str(operation.get("summary", "")):
                operation["summary"] = _first_sentence(words)
            operation[SCOPE] = scopes.get((method.upper(), path), "")
    return found


def _first_sentence(words: str) -> str:
    return " ".join(words.split()).partition(". ")[0].rstrip(".")


def _scopes(api: FastAPI) -> Iterator[tuple[tuple[str, str], str]]:
    for found in iter_route_contexts(api.routes):
        if isinstance(found.original_route, APIRoute):
            scope = next((door.scope.value for door in _doors(found.dependant)), "")
            yield from (((method, str(found.path)), scope) for method in found.methods or ())


def _doors(dependant: Dependant) -> Iterator[Door]:
    for below in dependant.dependencies:
        if isinstance(below.call, Door):
            yield below.call
        yield from _doors(below)
