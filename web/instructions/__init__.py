"""Leaders' written instructions: the covers, one to be opened, the form of the office. Secret, and never in the API."""

from fastapi import APIRouter

from web.instructions import acts, pages

router = APIRouter()
router.include_router(acts.router)
router.include_router(pages.router)
