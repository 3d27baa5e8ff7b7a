"""Scores: rounds, months of units, years, the formulae behind them, and how they are published."""

from fastapi import APIRouter

from web.scores import acts, files, formulae, home, months, records, rounds, years

router = APIRouter()
for _part in (files, home, records, acts, formulae, months, years, rounds):
    router.include_router(_part.router)
