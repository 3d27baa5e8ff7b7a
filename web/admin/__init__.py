"""Administration: everything of the city pack, with its history, looked through before it is changed, and taken out."""

from fastapi import APIRouter

from web.admin import changing, files, home, packs, past, posts, rows, rules, working_days

router = APIRouter()
for _part in (home, posts, rows, changing, files, rules, working_days, past, packs):
    router.include_router(_part.router)
