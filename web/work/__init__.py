"""My work: what waits for the reader, soonest first, and one tap to do it."""

from fastapi import APIRouter

from web.work import pages

router = APIRouter()
router.include_router(pages.router)
