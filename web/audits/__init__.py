"""Audits: start one, see its sheets fill, fill a sheet, finish it. The flow of the Prefect UI uses the same service."""

from fastapi import APIRouter

from web.audits import drawing, feedback, filling, rounds, starting, steering

router = APIRouter()
for _part in (
    starting,
    feedback,
    rounds,
    filling,
    steering,
    drawing,
):  # `/audits/new` and `/audits/feedback` before `/audits/{number}`
    router.include_router(_part.router, prefix="/audits")
