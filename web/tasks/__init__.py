"""Task decomposition: the years side by side, coverage, progress, letters, the table taken out and in again."""

from fastapi import APIRouter

from web.tasks import coverage, home, importing, letter, letters, progress

router = APIRouter()
for pages in (home, coverage, progress, letters, letter, importing):
    router.include_router(pages.router)
