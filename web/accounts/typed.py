"""What somebody typed into a small form. A stranger may send one, so little is read."""

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Depends, HTTPException, Request

LARGEST = 32 * 1024
"""Bytes."""
MOST = 50
FORM = "application/x-www-form-urlencoded"


async def _read(request: Request) -> Mapping[str, str]:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST:
            raise HTTPException(413)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        return {}
    try:
        pairs = parse_qsl(body.decode("ascii", "replace"), keep_blank_values=True, max_num_fields=MOST)
    except ValueError:
        raise HTTPException(400) from None
    return {name: value.replace("\x00", "") for name, value in reversed(pairs)}


Typed = Annotated[Mapping[str, str], Depends(_read)]
"""Each field once, the first where there are several; one that is not there was left empty: `typed.get(name, "")`."""
