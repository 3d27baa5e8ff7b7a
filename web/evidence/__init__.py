"""Evidence: files on their way in, copies for people to see, redaction by hand, flags that a person decides about."""

from fastapi import APIRouter

from web.evidence import copies, flags, redacting, uploads

router = APIRouter()
for _part in (flags, redacting, copies, uploads):  # `/evidence/flags` before `/evidence/{key}`
    router.include_router(_part.router)
