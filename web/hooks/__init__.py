"""Webhooks: programs that are told what happens. For administrators of the city."""

from fastapi import APIRouter

from web.hooks import acts, pages

router = APIRouter()
router.include_router(acts.router)
router.include_router(pages.router)
