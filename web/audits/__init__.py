"""Audits: start one, see its sheets fill, fill a sheet, finish it. The flow of the Prefect UI uses the same service."""

from fastapi import APIRouter

from web.audits import contradictions, drawing, feedback, filling, offline, rounds, sending, starting, steering

router = APIRouter()
for _part in (
    *(starting, feedback, offline),
    *(rounds, filling, sending, steering, contradictions, drawing),
):  # `/audits/new`, `/audits/feedback` and `/audits/mine` before `/audits/{number}`
    router.include_router(_part.router, prefix="/audits")
