"""Find and report: three steps on a phone, without a network too, and the same as plain forms without scripts."""

from fastapi import APIRouter, Depends

from web.login import anybody
from web.report import data, offline, sending, steps

router = APIRouter()
for pages in (sending, steps, data):
    router.include_router(pages.router)
router.include_router(offline.router, dependencies=[Depends(anybody)])
