"""Logging in and out, one's own account, and everybody's for the administrator."""

from fastapi import APIRouter, Depends

from web.accounts import asking, demo, elsewhere, enter, everybody, me, reached, safety, steps
from web.login import anybody

router = APIRouter()
for pages in (asking, demo, elsewhere, enter, everybody, me, reached, safety, steps):
    router.include_router(pages.router, dependencies=[Depends(anybody)])
