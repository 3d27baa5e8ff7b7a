"""Lists and map: issues by filters that stand in the address, views that are kept, several at once, files."""

from fastapi import APIRouter

from web.lists import bulk, files, map_page, page, views

router = APIRouter()
for _part in (page, views, bulk, files, map_page):
    router.include_router(_part.router)
