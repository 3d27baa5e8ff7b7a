"""The JSON API, version 1: an application of its own below /api/v1, so that it speaks JSON also when it refuses."""

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from web.api import (
    accountability,
    acts,
    appeals,
    audit_steering,
    audits,
    bulletins,
    changes,
    desk,
    evidence,
    exports,
    filing,
    flags,
    hooks,
    issues,
    leaders,
    maps,
    mine,
    papers,
    places,
    ranking,
    score_acts,
    scores,
    sending,
    surveys,
    sweeps,
    systems,
    tasks,
    withholding,
)
from web.api.described import describe
from web.api.problems import install
from web.link_guard import limited_receive
from web.login import check_doors

ROOT = "/api/v1"
PARTS = (
    issues,
    papers,
    acts,
    evidence,
    sending,
    flags,
    withholding,
    audits,
    audit_steering,
    exports,
    places,
    maps,
    changes,
    mine,
    desk,
    hooks,
    sweeps,
    accountability,
    leaders,
    surveys,
    filing,
    bulletins,
    systems,
    tasks,
    ranking,
    appeals,
    scores,
    score_acts,
)
LARGEST_BODY = 1024 * 1024
"""Bytes of a request, but for uploads."""


def create_api(pages: FastAPI) -> FastAPI:
    """The API that shares settings, sessions and guards with the pages."""
    api = FastAPI(
        title="Duban 督办",
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        summary="Found problems, put right on time.",
        separate_input_output_schemas=False,
    )
    api.state = pages.state
    pages.state.api = api
    for part in PARTS:
        api.include_router(part.router)
    install(api)
    describe(api)
    check_doors(api)
    api.add_middleware(Limit)
    return api


class Limit:
    """Cuts off a request that is larger than it may be."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].endswith("/uploads") or "/uploads/parts/" in scope["path"]:
            await self._app(scope, receive, send)
        else:
            await self._app(scope, limited_receive(receive, most=LARGEST_BODY), send)
