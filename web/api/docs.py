"""The description of the API as a page for people, from the same document that programs read."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.responses import HTMLResponse

from web.api.described import SCOPE, TAGS
from web.api.examples import Schemas
from web.deps import Here

router = APIRouter()
ROOT = "/api/v1"
METHODS = ("get", "head", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Field:
    """A parameter, or a field of a body. `of`: path, query, header or body."""

    name: str
    of: str
    type: str
    required: bool
    words: str


@dataclass(frozen=True)
class Operation:
    """One thing that can be asked for."""

    method: str
    path: str
    anchor: str
    summary: str
    words: str
    scope: str
    fields: Sequence[Field]
    sent: str
    told: str
    answers: Sequence[tuple[str, str]]


@router.get("/api/docs", response_class=HTMLResponse)
def docs(here: Here) -> HTMLResponse:
    """Every address, what it takes and gives, with examples."""
    api: FastAPI = here.request.app.state.api
    parts = parts_of(api.openapi())
    base = here.settings.public_url.rstrip("/")
    return here.pages.show(here.request, "api/docs", parts=parts, root=ROOT, base=base)


def parts_of(document: Mapping[str, Any]) -> Sequence[tuple[str, str, Sequence[Operation]]]:
    """Each part with its words and operations."""
    schemas = Schemas(document)
    found: dict[str, list[Operation]] = {name: [] for name in TAGS}
    for path, several in document["paths"].items():
        for method in METHODS:
            if method in several:
                found[several[method]["tags"][0]].append(_operation(schemas, method, path, several[method]))
    return [(name, TAGS[name], operations) for name, operations in found.items() if operations]


def _operation(schemas: Schemas, method: str, path: str, given: Mapping[str, Any]) -> Operation:
    body, words = _json(given.get("requestBody", {})), " ".join(str(given.get("description", "")).split())
    good: Mapping[str, Any] = next(
        (given["responses"][code] for code in ("200", "201") if code in given["responses"]), {}
    )
    told = _json(good)
    return Operation(
        method=method.upper(),
        path=path,
        anchor=str(given["operationId"]),
        summary=str(given["summary"]),
        words=words.removeprefix(str(given["summary"])).lstrip(". "),
        scope=str(given.get(SCOPE, "")),
        fields=[*_parameters(schemas, given), *(_body(schemas, body) if body else ())],
        sent=_written(schemas.example(body)) if body else "",
        told=_written(schemas.example(told)) if told else "",
        answers=[(code, str(one["description"])) for code, one in sorted(given["responses"].items())],
    )


def _parameters(schemas: Schemas, given: Mapping[str, Any]) -> Iterator[Field]:
    for one in given.get("parameters", ()):
        schema = one.get("schema", {})
        words = str(one.get("description") or schemas.plain(schema).get("description") or "")
        yield Field(one["name"], one["in"], schemas.words(schema), bool(one.get("required")), words)


def _body(schemas: Schemas, body: Mapping[str, Any]) -> Iterator[Field]:
    of = schemas.plain(body)
    for name, schema in of.get("properties", {}).items():
        words = str(schema.get("description") or "")
        yield Field(name, "body", schemas.words(schema), name in of.get("required", ()), words)


def _json(given: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = given.get("content", {}).get("application/json", {}).get("schema", {})
    return found


def _written(example: object) -> str:
    return json.dumps(example, ensure_ascii=False, indent=2)
