"""Holding to account: piles of measures, one measure with its record, what is decided about it, its paper."""

from fastapi import APIRouter

from web.accountability import acts, by_hand, pages

router = APIRouter()
router.include_router(by_hand.router)
router.include_router(acts.router)
router.include_router(pages.router)
