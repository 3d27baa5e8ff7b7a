"""Every way into the application, read from the application itself: so a page of tomorrow is attacked too."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import httpx
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.routing import Mount

API = "/api/v1"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
PARAMETER = re.compile(r"{(\w+)}")
PLAUSIBLE: Mapping[str, str] = {
    "number": "ZG-2026-000001",
    "key": "1",
    "token": "t" * 43,
    "name": "comment",
    "person": "R00006",
    "pile": "asked",
    "table": "units",
    "action": "comment",
    "act": "approve",
    "month": "2026-10",
    "year": "2026",
    "point": "P-0001",
    "kind": "hits",
    "code": "P-0001",
    "sheet": "1",
    "delivery": "1",
    "gap": "no_unit",
    "version": "CC-2026",
    "item": "1",
    "place": "1",
    "reply": "1",
    "file": "1",
    "first": "1",
    "evidence": "1",
}


@dataclass(frozen=True)
class WayIn:
    """One method of one address; `path` has its parameters in braces."""

    method: str
    path: str
    queries: tuple[str, ...] = ()

    @property
    def safe(self) -> bool:
        return self.method in SAFE

    @property
    def api(self) -> bool:
        return self.path.startswith(API)

    @property
    def parameters(self) -> list[str]:
        return PARAMETER.findall(self.path)

    def address(self, **given: str) -> str:
        """With values that could be."""
        known = {**PLAUSIBLE, **given}
        return PARAMETER.sub(lambda found: known[found[1]], self.path)

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def app_of(client: httpx.AsyncClient) -> FastAPI:
    return client._transport.app


def ways_in(client: httpx.AsyncClient) -> list[WayIn]:
    """All of them, those of the API too."""
    return ways_of(app_of(client))


def ways_of(app: FastAPI) -> list[WayIn]:
    return [*_ways(app, "")]


def _ways(app: FastAPI, root: str) -> Iterator[WayIn]:
    for found in iter_route_contexts(app.routes):
        of = found.original_route
        if isinstance(of, Mount) and isinstance(of.app, FastAPI):
            yield from _ways(of.app, of.path)
        elif isinstance(of, APIRoute):
            queries = tuple(one.alias for one in found.dependant.query_params)
            yield from (WayIn(method, f"{root}{found.path}", queries) for method in sorted(found.methods or ()))
