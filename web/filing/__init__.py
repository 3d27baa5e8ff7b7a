"""Online filing: the list of material with its progress, and each piece: hand in, review, files, record."""

from fastapi import APIRouter

from web.filing import acts, looking

router = APIRouter()
for _part in (looking, acts):
    router.include_router(_part.router, prefix="/filing")
