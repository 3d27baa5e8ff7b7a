"""Surveys: the pages of who runs them and of interviewers; and the public form, which is open to all (public)."""

from fastapi import APIRouter

from web.surveys import asking, looking, signs, starting

router = APIRouter()
for _part in (starting, looking, signs, asking):  # `/surveys/new` before `/surveys/{code}`
    router.include_router(_part.router, prefix="/surveys")
