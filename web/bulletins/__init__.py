"""Bulletins: the list, one with its rows and files, drafting, wording, approving and publishing."""

from fastapi import APIRouter

from web.bulletins import acts, editing, files, listing, page, rows

router = APIRouter()
for _part in (listing, editing, acts, files, rows, page):
    router.include_router(_part.router, prefix="/bulletins")
