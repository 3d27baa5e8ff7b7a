"""WeCom, DingTalk and Feishu, against providers on loopback that answer as documented."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from runtime.providers import Provider, ProviderKind
from services.accounts.identities import Shown
from tests.web.accounts.speaking import Speaker, speaking
from web.accounts.providers import KINDS
from web.accounts.providers.base import Journey, NotShown

JOURNEY = Journey("https://duban.example/login/back/x", "the-state", "the-nonce", "the-verifier")
FINE = {
    ProviderKind.WECOM: {
        "/token": (200, {"errcode": 0, "errmsg": "ok", "access_token": "accesstoken000001", "expires_in": 7200}),
        "/user": (200, {"errcode": 0, "errmsg": "ok", "userid": "HeJingXing", "user_ticket": "T"}),
    },
    ProviderKind.DINGTALK: {
        "/token": (200, {"accessToken": "abcd", "refreshToken": "abcd", "expireIn": 7200, "corpId": "corpxxxx"}),
        "/user": (
            200,
            {"nick": "何景行", "mobile": "19900000001", "stateCode": "86", "openId": "o-1", "unionId": "u-1"},
        ),
    },
    ProviderKind.FEISHU: {
        "/token": (200, {"code": 0, "access_token": "eyJ", "expires_in": 7200, "token_type": "Bearer", "scope": ""}),
        "/user": (
            200,
            {
                "code": 0,
                "msg": "success",
                "data": {
                    "name": "何景行",
                    "open_id": "ou-1",
                    "union_id": "on-1",
                    "mobile": "+8619900000001",
                    "enterprise_email": "r00006@example.invalid",
                },
            },
        ),
    },
}
SAID = {
    ProviderKind.WECOM: Shown("x", "HeJingXing"),
    ProviderKind.DINGTALK: Shown("x", "u-1", "何景行", phone="19900000001"),
    ProviderKind.FEISHU: Shown("x", "on-1", "何景行", mail="r00006@example.invalid", phone="19900000001"),
}
CODE = {ProviderKind.WECOM: "code", ProviderKind.DINGTALK: "authCode", ProviderKind.FEISHU: "code"}


def adapter(kind: ProviderKind, server: Speaker | None = None):
    urls = {name: f"{server.url}/{name}" for name in ("token", "user")} if server else {}
    return KINDS[kind](Provider("x", kind, "our-id", "our-secret", agent_id="1000002", **urls))


def shown(kind: ProviderKind, **changed) -> tuple[Shown, list]:
    with speaking({**FINE[kind], **{f"/{name}": answer for name, answer in changed.items()}}) as server:
        found = adapter(kind, server).shown(JOURNEY, {CODE[kind]: "the-code", "state": "the-state"})
    return found, server.asked


@pytest.mark.parametrize("kind", FINE)
def test_what_is_documented_says_who_it_is(kind: ProviderKind) -> None:
    assert shown(kind)[0] == SAID[kind]


@pytest.mark.parametrize("kind", FINE)
def test_the_way_there_carries_state_and_the_way_back_and_no_secret(kind: ProviderKind) -> None:
    address = adapter(kind).address(JOURNEY, inside=False)
    given = parse_qs(urlsplit(address).query)
    assert (given["state"], given["redirect_uri"]) == (["the-state"], [JOURNEY.back])
    assert "our-secret" not in address
    assert "the-verifier" not in address


def test_inside_wecom_nothing_is_scanned() -> None:
    address = adapter(ProviderKind.WECOM).address(JOURNEY, inside=True)
    assert address.startswith("https://open.weixin.qq.com/connect/oauth2/authorize?appid=our-id")
    assert address.endswith("#wechat_redirect")


def test_wecom_is_asked_with_the_apps_token() -> None:
    _, (token, user) = shown(ProviderKind.WECOM)
    assert token["query"] == {"corpid": "our-id", "corpsecret": "our-secret"}
    assert user["query"] == {"access_token": "accesstoken000001", "code": "the-code"}


def test_dingtalk_is_asked_in_its_own_words() -> None:
    _, (token, user) = shown(ProviderKind.DINGTALK)
    wanted = {"clientId": "our-id", "clientSecret": "our-secret", "code": "the-code", "grantType": "authorization_code"}
    assert json.loads(token["body"]) == wanted
    assert user["headers"]["x-acs-dingtalk-access-token"] == "abcd"


def test_feishu_is_given_the_verifier() -> None:
    _, (token, user) = shown(ProviderKind.FEISHU)
    body = json.loads(token["body"])
    assert (body["code_verifier"], body["redirect_uri"]) == ("the-verifier", JOURNEY.back)
    assert user["headers"]["Authorization"] == "Bearer eyJ"


@pytest.mark.parametrize(
    ("kind", "where", "answer", "why"),
    [
        (ProviderKind.WECOM, "token", (200, {"errcode": 40001, "errmsg": "invalid credential"}), "40001"),
        (ProviderKind.WECOM, "user", (200, {"errcode": 40029, "errmsg": "invalid code"}), "40029"),
        (ProviderKind.WECOM, "user", (200, {"errcode": 0, "openid": "o", "external_userid": "e"}), "not a member"),
        (ProviderKind.DINGTALK, "token", (400, {"code": "invalidParameter.authCode.notFound"}), "authCode.notFound"),
        (ProviderKind.DINGTALK, "user", (403, {"code": "Forbidden.AccessDenied"}), "Forbidden.AccessDenied"),
        (ProviderKind.FEISHU, "token", (400, {"code": 20003, "error": "invalid_grant"}), "20003"),
        (ProviderKind.FEISHU, "user", (200, {"code": 20005, "msg": "invalid access token"}), "20005"),
        (ProviderKind.FEISHU, "user", (502, b"<html>bad gateway</html>"), "no JSON"),
        (ProviderKind.FEISHU, "user", (200, b"x" * 300_000), "too large"),
        (ProviderKind.DINGTALK, "user", (200, []), "?"),
    ],
)
def test_a_refusal_is_told_by_the_providers_own_code(kind: ProviderKind, where: str, answer, why: str) -> None:
    with pytest.raises(NotShown) as refused:
        shown(kind, **{where: answer})
    assert why in str(refused.value)
    assert "our-secret" not in str(refused.value)


@pytest.mark.parametrize("kind", FINE)
def test_without_a_code_nobody_is_asked(kind: ProviderKind) -> None:
    with speaking({}) as server, pytest.raises(NotShown):
        adapter(kind, server).shown(JOURNEY, {"state": "the-state"})
    assert server.asked == []
