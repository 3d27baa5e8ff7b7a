"""Idempotency keys: a POST with `Idempotency-Key` that comes again gets the first answer, and is done once."""

import hashlib
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool

from runtime import clock
from runtime.i18n import gettext as _
from services import kept_answers
from services.kept_answers import Kept, Standing
from web.problems import problem

HEADER = "idempotency-key"
LONGEST_KEY = 200
FOR_NOW = (401, 429)
"""Another try may well get another answer."""
LARGEST_KEPT = 1024 * 1024
SECRET = "no-store"
"""What is answered with this holds a secret: it is not kept, and the key counts for nothing."""
Handler = Callable[[Request], Coroutine[Any, Any, Response]]
Sessions = Callable[[], Session]


@dataclass(frozen=True)
class _Key:
    """Whose key it is (the token's hash, so that no two callers share one), and the request it stands for."""

    sessions: Sessions
    caller: str
    key: str
    request_hash: str


class Once(APIRoute):
    """A route whose POSTs may be repeated."""

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()

        async def once(request: Request) -> Response:
            key = await _key(request)
            if key is None or request.method != "POST":
                return await handle(request)
            if len(key.key) > LONGEST_KEY:
                return problem(400, code="bad_key", detail=_("An idempotency key is too long."))
            found = await run_in_threadpool(_begin, key)
            return await _first(key, handle, request) if found.standing is Standing.NEW else _told(found)

        return once


async def _first(key: _Key, handle: Handler, request: Request) -> Response:
    """Do it and keep the answer. What went wrong on our side is not kept: it may be tried again."""
    try:
        answer = await handle(request)
    except BaseException:
        await run_in_threadpool(_drop, key)
        raise
    body = bytes(answer.body)
    worth = answer.status_code < 500 and answer.status_code not in FOR_NOW and len(body) <= LARGEST_KEPT
    worth = worth and answer.headers.get("cache-control") != SECRET
    await run_in_threadpool(_keep if worth else _drop, key, answer)
    return answer


def _told(found: Kept) -> Response:
    if found.standing is Standing.AGAIN:
        return Response(found.body, found.status, {"Idempotent-Replayed": "true"}, found.media_type)
    if found.standing is Standing.RUNNING:
        words = _("The same request is being worked on. Please ask again in a moment.")
        return problem(409, code="still_running", detail=words, headers={"Retry-After": "1"})
    return problem(422, code="key_used", detail=_("This idempotency key belongs to another request."))


async def _key(request: Request) -> _Key | None:
    given = request.headers.get(HEADER, "")
    if not given or "\x00" in given:
        return None
    caller = hashlib.sha256(request.headers.get("authorization", "").encode()).hexdigest()
    asked = hashlib.sha256(f"{request.method} {request.url.path}?{request.url.query}\n".encode())
    asked.update(request.headers.get("if-match", "").encode())
    asked.update(await request.body())
    return _Key(request.app.state.sessions, caller, given, asked.hexdigest())


def _begin(key: _Key) -> Kept:
    with key.sessions() as session:
        now = clock.true_now(session)
        found = kept_answers.begin(session, caller=key.caller, key=key.key, request_hash=key.request_hash, now=now)
        session.commit()
        return found


def _keep(key: _Key, answer: Response) -> None:
    with key.sessions() as session:
        kept_answers.keep(
            session,
            caller=key.caller,
            key=key.key,
            status=answer.status_code,
            media_type=answer.headers.get("content-type", ""),
            body=bytes(answer.body),
        )
        session.commit()


def _drop(key: _Key, _answer: Response | None = None) -> None:
    with key.sessions() as session:
        kept_answers.drop(session, caller=key.caller, key=key.key)
        session.commit()
