"""Places of units month by month, red and black lists, what a unit may do about its own, and appeals."""

from fastapi import APIRouter

from web.ranking import acts, appealing, appeals, files, months, units

router = APIRouter()
for _part in (files, months, acts, units, appealing, appeals):  # `/ranking/2026-11.xlsx` before `/ranking/{month}`
    router.include_router(_part.router)
