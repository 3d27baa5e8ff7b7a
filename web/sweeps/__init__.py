"""The same fault elsewhere and again: sweeps started from an issue, relapses, hotspots, look-backs."""

from fastapi import APIRouter

from web.sweeps import again, hotspots, look_backs, starting

router = APIRouter()
for pages in (starting, again, hotspots, look_backs):
    router.include_router(pages.router)
