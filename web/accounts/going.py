"""Coming in and going out: cookies, who is at the door, and where to go on afterwards."""

from urllib.parse import quote

from fastapi.responses import RedirectResponse, Response

from runtime import clock
from runtime.keys import account_keys
from services.accounts.entering import Admission, open_for
from services.accounts.names import plain
from services.accounts.record import Visitor
from services.accounts.vault import Vault
from services.sessions import Method
from web.accounts import marks
from web.deps import Desk
from web.login import remember

AFTER_LOGIN = "/desk"
LONGEST = 2000
SECOND, ASKED = "duban_second", "duban_asked"
"""Cookies of the pages below /login: the key to the second step, and what a browser that asked for a link holds."""
FOR_LOGIN = "/login"
SHORTLY = 15 * 60
"""Seconds."""


def own_path(wanted: str) -> str:
    """The page to go on to: one of ours, whatever was asked for. Browsers take `\\` for `/`, and drop tabs."""
    strange = "\\" in wanted or " " in wanted or not wanted.isprintable() or len(wanted) > LONGEST
    if strange or not wanted.startswith("/") or wanted.startswith(("//", "/login", "/logout")):
        return AFTER_LOGIN
    return wanted


def with_next(path: str, wanted: str) -> str:
    """The address of one of the log-in's pages that remembers where to go on."""
    return f"{path}?next={quote(own_path(wanted), safe='')}"


def visitor(here: Desk, name: str = "") -> Visitor:
    """Who is at the door."""
    request = here.request
    mark = marks.mark_of(request.cookies.get(marks.COOKIE, ""), plain(name), keys=here.keys) if name else ""
    address = request.client.host if request.client else ""
    return Visitor(address, request.headers.get("user-agent", ""), mark)


def vault(here: Desk) -> Vault:
    """What second factors are locked with."""
    return Vault(account_keys(here.settings))


def is_secure(here: Desk) -> bool:
    """Whether readers come by https, so that cookies go there alone."""
    return here.settings.public_url.startswith("https://")


def come_in(here: Desk, person: str, *, method: Method, wanted: str) -> Response:
    """Open a session without any question and go on: for a demo city. Commits."""
    now = clock.true_now(here.session)
    token = open_for(here.session, person, method=method, visitor=visitor(here), now=now)
    here.session.commit()
    answer = RedirectResponse(own_path(wanted), 303)
    remember(answer, token, secure=is_secure(here))
    return answer


def go_on(here: Desk, admission: Admission, *, wanted: str, name: str = "") -> Response:
    """After the first step: to the second, or in. `name`: what was typed, so that this browser is known again."""
    if admission.second is not None:
        answer = RedirectResponse(with_next("/login/second", wanted), 303)
        keep(here, answer, SECOND, admission.second)
    else:
        answer = RedirectResponse(own_path(wanted), 303)
        let_in(here, answer, admission.session or "")
    if name:
        know(here, answer, name)
    return answer


def let_in(here: Desk, answer: Response, token: str) -> None:
    """The browser holds the session from now on, and no key to it any more."""
    remember(answer, token, secure=is_secure(here))
    for cookie in (SECOND, ASKED):
        if cookie in here.request.cookies:
            answer.delete_cookie(cookie, path=FOR_LOGIN, httponly=True, samesite="lax")


def keep(here: Desk, answer: Response, cookie: str, secret: str) -> None:
    """Let the browser hold a secret for the pages of the log-in, for a short while."""
    answer.set_cookie(
        cookie, secret, max_age=SHORTLY, httponly=True, samesite="lax", secure=is_secure(here), path=FOR_LOGIN
    )


def know(here: Desk, answer: Response, name: str) -> None:
    """Mark this browser as one from which somebody has logged in with this name."""
    value = marks.marked(here.request.cookies.get(marks.COOKIE, ""), plain(name), keys=here.keys)
    answer.set_cookie(
        marks.COOKIE,
        value,
        max_age=marks.LASTS,
        httponly=True,
        samesite="lax",
        secure=is_secure(here),
        path=FOR_LOGIN,
    )
