"""One issue: its page, everything that may be done about it, its papers."""

from fastapi import APIRouter

from web.issue import acts, papers, reminding, showing

router = APIRouter()
for pages in (showing, acts, papers, reminding):
    router.include_router(pages.router)
