"""Audits: start one, see its sheets fill, fill a sheet, finish it. The flow of the Prefect UI uses the same service."""

from fastapi import APIRouter

from web.audits import filling, rounds, starting

router = APIRouter()
for _part in (starting, rounds, filling):  # `/audits/new` before `/audits/{number}`
    router.include_router(_part.router, prefix="/audits")
