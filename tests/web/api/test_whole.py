"""All that pages do, programs can do: each way into a page has its act of the API, or a reason why there is none."""

from pathlib import Path

from runtime.settings import Settings
from tests.web.attacks.ways_in import API, ways_of
from web.app import create_app

# What a page is for, and what does it in the API. A page that is new belongs here.
DONE_BY = {
    "GET /": "GET /boards/areas",
    "GET /audits": "GET /audits",
    "POST /audits/new": "POST /audits",
    "GET /audits/{number}": "GET /audits/{number}",
    "GET /audits/{number}/progress": "GET /audits/{number}",
    "POST /audits/{number}/end": "POST /audits/{number}/end",
    "POST /audits/{number}/results": "POST /audits/{number}/sheets/{sheet}/observations",
    "GET /audits/{number}/sheets/{key}": "GET /audits/{number}/sheets/{sheet}",
    "POST /audits/{number}/sheets/{key}": "POST /audits/{number}/sheets/{sheet}/observations",
    "GET /boards": "GET /boards/trend",
    "GET /boards/wall": "GET /boards/hotspots",
    "GET /boards/hotspots": "GET /boards/gatherings",
    "GET /boards/look-backs": "GET /boards/look-backs",
    "GET /issues/{number}/sweep": "POST /issues/{number}/sweeps/prospect",
    "POST /issues/{number}/sweep": "POST /issues/{number}/sweeps",
    "POST /issues/{number}/came-back": "POST /issues/{number}/came-back",
    "POST /bulk/{name}": "POST /actions/{action}",
    "GET /desk": "GET /me/work",
    "GET /desk/left": "GET /me/work",
    "GET /desk/{pile}": "GET /me/work/{pile}",
    "GET /evidence/flags": "GET /flags",
    "GET /evidence/flags/{key}": "GET /flags/{key}",
    "POST /evidence/flags/{key}": "POST /flags/{key}/decision",
    "GET /evidence/flags/{key}/other": "GET /flags/{key}/other",
    "GET /evidence/{key}": "GET /evidence/{key}",
    "HEAD /evidence/{key}": "GET /evidence/{key}",
    "GET /evidence/{key}/redact": "GET /evidence/{key}/redaction",
    "POST /evidence/{key}/redact": "POST /evidence/{key}/redaction",
    "GET /hooks": "GET /hooks",
    "POST /hooks": "POST /hooks",
    "GET /hooks/{key}": "GET /hooks/{key}",
    "POST /hooks/{key}/change": "PUT /hooks/{key}",
    "POST /hooks/{key}/end": "DELETE /hooks/{key}",
    "GET /hooks/{key}/log": "GET /hooks/{key}/deliveries",
    "GET /hooks/{key}/tries": "GET /hooks/{key}/tries",
    "POST /hooks/{key}/log/{delivery}/again": "POST /hooks/{key}/deliveries/{delivery}/again",
    **{
        f"POST /hooks/{{key}}/{act}": f"POST /hooks/{{key}}/{act}"
        for act in ("pause", "resume", "ping", "replay", "rotate")
    },
    "GET /issues": "GET /issues",
    "GET /issues.csv": "GET /exports/issues.csv",
    "GET /issues.xlsx": "GET /exports/issues.xlsx",
    "GET /issues/{number}": "GET /issues/{number}",
    "GET /issues/{number}/left": "GET /issues/{number}/ahead",
    "GET /issues/{number}/do/{action}": "GET /issues/{number}/actions",
    "POST /issues/{number}/do/{action}": "POST /issues/{number}/actions/sign_in",
    "GET /issues/{number}/papers": "GET /issues/{number}/papers",
    "POST /issues/{number}/papers": "POST /issues/{number}/papers",
    "GET /issues/{number}/papers/{key}": "GET /issues/{number}/papers/{key}",
    "GET /issues/{number}/papers/{key}/word": "GET /issues/{number}/papers/{key}/word",
    "GET /map": "GET /map/points",
    "GET /map/points.json": "GET /map/points",
    "GET /map/labels.json": "GET /map/labels",
    "GET /me": "GET /me",
    "GET /me/contacts": "GET /me/contacts",
    "POST /me/contacts/quiet": "PUT /me/contacts/quiet",
    "POST /me/contacts/{key}/first": "PUT /me/contacts/order",
    "POST /me/contacts/{key}/remove": "DELETE /me/contacts/{key}",
    "GET /p/{code}": "GET /points",
    "GET /report": "GET /places/near",
    "POST /report": "POST /issues",
    "POST /report/add": "POST /issues",
    "POST /report/send": "POST /issues",
    "GET /report/catalogue.json": "GET /standards",
    "GET /report/near.json": "GET /places/near",
    "GET /report/places.json": "GET /points",
    "GET /report/known": "POST /issues",
    "GET /report/what": "GET /categories",
    "GET /report/done/{number}": "GET /issues/{number}",
    "POST /uploads": "POST /uploads/parts",
    "HEAD /uploads/{key}": "HEAD /uploads/parts/{key}",
    "PATCH /uploads/{key}": "PATCH /uploads/parts/{key}",
    "DELETE /uploads/{key}": "DELETE /uploads/parts/{key}",
    "POST /views": "POST /me/views",
    "POST /views/{key}/forget": "DELETE /me/views/{key}",
}
A_WAY_IN = "a way to log in: a token that leaked must not make itself others"
A_FORM = "an empty form, or a choice that a program does not need"
THE_APP = "the application itself, its state, or what a browser keeps of it"
A_LINK = "opened by a secret in a message to a person"
PAPER = "made to be printed"
ADMIN = "changes are told (GET /city/changes) and the city goes as a pack (GET /city/pack, duban city load)"
NONE = {
    **dict.fromkeys(
        ("GET /audits/new", "GET /bulk", "GET /hooks/new", "GET /hooks/{key}/change", "GET /report/send"), A_FORM
    ),
    **dict.fromkeys(("GET /healthz", "GET /metrics", "GET /more", "GET /sw.js", "GET /api/docs"), THE_APP),
    **dict.fromkeys(("GET /report/manifest.webmanifest", "GET /report/shell", "POST /me/language"), THE_APP),
    "GET /uploads/{key}": "a small copy for showing a form again; the program has the photo",
    **dict.fromkeys(("GET /points", "GET /points/signs"), PAPER),
}
WHOLE_PARTS = {
    "/accounts": A_WAY_IN,
    "/login": A_WAY_IN,
    "/logout": A_WAY_IN,
    "/me/password": A_WAY_IN,
    "/me/second": A_WAY_IN,
    "/me/sessions": A_WAY_IN,
    "/me/tokens": A_WAY_IN,
    "/l/": A_LINK,
    "/outbox/": A_LINK,
    "/admin": ADMIN,
}
NEW_CONTACTS = {"POST /me/contacts", "POST /me/contacts/{key}/code", "POST /me/contacts/{key}/confirm"}
"""An address is a way to log in too."""


def test_programs_can_do_what_pages_do(tmp_path: Path) -> None:
    every = ways_of(create_app(Settings(home=tmp_path)))
    there = {str(way).replace(f" {API}", " ") for way in every if way.api}
    pages = {str(way) for way in every if not way.api}
    told = {*DONE_BY, *NONE, *NEW_CONTACTS}
    unknown = {page for page in pages - told if not page.split(" ", 1)[1].startswith(tuple(WHOLE_PARTS))}
    assert unknown == set()
    assert set(DONE_BY.values()) - there == set()
