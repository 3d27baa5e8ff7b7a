"""Chat providers on loopback, and letters for them. What a provider documents it checks: signatures, limits, forms."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

from notifications.channels.base import Letter, Link
from tests.notifications.channels.sinks import LETTER, Sink, _Handler

AT = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
LINKS = (
    Link("签收", "https://duban.example/l/aaaa-1111?x=1&y=2"),
    Link("申请延期", "https://duban.example/l/bbbb-2222"),
)
WITH_LINKS = replace(LETTER, body="高山井社区大道：垃圾桶满溢", links=LINKS)
KEY = "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"
SECRET = "SECb1d2c3-very-secret"
TOKEN = "accesstoken-of-an-app-001"
ADDRESSES = {
    "wecombot": f"wecombot://{KEY}?",
    "wecom": f"wecom://ww1234567890abcdef:{SECRET}@1000002/CaoGuanJu?",
    "dingtalk": f"dingtalk://{SECRET}@{KEY}?",
    "feishu": f"feishu://{SECRET}@{KEY}?",
    "lark": f"lark://{SECRET}@{KEY}?",
}
SECRETS = {
    "wecombot": (KEY,),
    "wecom": (SECRET, TOKEN),
    "dingtalk": (KEY, SECRET),
    "feishu": (KEY, SECRET),
    "lark": (KEY, SECRET),
}
CODE_FIELD = {"wecombot": "errcode", "wecom": "errcode", "dingtalk": "errcode", "feishu": "code", "lark": "code"}
SAID_FIELD = {"wecombot": "errmsg", "wecom": "errmsg", "dingtalk": "errmsg", "feishu": "msg", "lark": "msg"}


class Provider(Sink):
    """A sink that also gives tokens, and keeps the paths that it was asked for."""

    def __init__(self, context=None) -> None:
        super().__init__(context)
        self.RequestHandlerClass = _ProviderHandler
        self.paths: list[str] = []
        self.tokens: list[object] = []
        self.given = 0
        self.token_hangs = False
        self.answers: list[object] = []

    def address(self, provider: str, arguments: str = "") -> str:
        return f"{ADDRESSES[provider]}{arguments}&endpoint={self.http}"

    def say(self, provider: str, code: object, **more: object) -> None:
        document = {CODE_FIELD[provider]: code, SAID_FIELD[provider]: f"said of {' '.join(SECRETS[provider])}", **more}
        self.answer = (200, {"Content-Type": "application/json"}, json.dumps(document))

    @property
    def documents(self) -> list[dict]:
        return [json.loads(body) for body in self.got]

    @property
    def queries(self) -> list[dict[str, str]]:
        return [{k: v[0] for k, v in parse_qs(urlsplit(path).query).items()} for path in self.paths]


class _ProviderHandler(_Handler):
    server: Provider

    def do_POST(self) -> None:
        self.server.paths.append(self.path)
        if self.server.answers:
            self.server.answer = self.server.answers.pop(0)
        super().do_POST()

    def do_GET(self) -> None:
        """Only for tokens."""
        self.server.paths.append(self.path)
        self.server.given += 1
        if self.server.token_hangs:
            self.server.free.wait(5)
            self.close_connection = True
            return
        document = self.server.tokens.pop(0) if self.server.tokens else token(TOKEN)
        if isinstance(document, int):
            status, body = document, b""
        else:
            status, body = 200, json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def token(text: str, seconds: int = 7200) -> dict:
    return {"errcode": 0, "errmsg": "ok", "access_token": text, "expires_in": seconds}


def letter(**values) -> Letter:
    return replace(LETTER, **values)
