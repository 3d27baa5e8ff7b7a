"""Evaluation systems: all of them, one edition as a tree, two compared, and one brought in from a workbook."""

from fastapi import APIRouter

from web.systems import bringing, comparing, edition, overview

router = APIRouter()
for _part in (overview, comparing, bringing, edition):  # `/systems/compare` goes before `/systems/{version}`
    router.include_router(_part.router)
