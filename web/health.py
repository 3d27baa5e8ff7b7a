"""`/healthz`: for load balancers and `up`. 200 when pages can be shown, 503 with the reason when not."""

import logging
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from sqlalchemy.exc import SQLAlchemyError

from models.errors import NotFound
from runtime import clock
from services.overview import overview

log = logging.getLogger("duban.web")
router = APIRouter()


@router.get("/healthz")
def healthz(request: Request) -> JSONResponse:
    """Machine-readable; says nothing that the home page does not say."""
    try:
        with request.app.state.sessions() as session:
            seen = overview(session, now=clock.now(session), at=clock.true_now(session))
    except NotFound:
        return _answer(503, {"status": "down", "reason": "no city is loaded"})
    except SQLAlchemyError as error:
        log.error("health: %s", error)
        return _answer(503, {"status": "down", "reason": "database"})
    return _answer(200, {"status": "ok", "city": seen.code, "rounds_stand_still": seen.stands_still})


def _answer(status: int, content: dict[str, Any]) -> JSONResponse:
    return JSONResponse(content, status, headers={"Cache-Control": "no-store"})
