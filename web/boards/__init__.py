"""Boards: where the issues stand, for a leader's one minute, and for a wall."""

from fastapi import APIRouter

from web.boards import page, wall

router = APIRouter()
for _part in (wall, page):
    router.include_router(_part.router)
