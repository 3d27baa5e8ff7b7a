"""An ID token is believed when the issuer signed it, for us, in answer to this journey; never otherwise."""

from collections.abc import Iterator
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey

from runtime import clock
from runtime.providers import Provider, ProviderKind
from tests.web.accounts.speaking import Speaker, speaking
from web.accounts.providers.base import Journey, NotShown
from web.accounts.providers.oidc import Oidc

JOURNEY = Journey("https://duban.example/login/back/sso", "state", "the-nonce", "verifier")
SECRET = "our-secret-of-32-characters-or-more"
KEYS = {"RS256": RSAKey.generate_key(2048), "ES256": ECKey.generate_key("P-256")}
for one in KEYS.values():
    one.ensure_kid()
STRANGE = RSAKey.generate_key(2048)


@pytest.fixture
def issuer() -> Iterator[Speaker]:
    with speaking({}) as server:
        about = {"issuer": server.url, "authorization_endpoint": f"{server.url}/auth"}
        about |= {"token_endpoint": f"{server.url}/token", "jwks_uri": f"{server.url}/jwks"}
        server.answers["/.well-known/openid-configuration"] = (200, about)
        server.answers["/jwks"] = (200, KeySet(list(KEYS.values())).as_dict(private=False))
        yield server


def claims(issuer: Speaker, **changed: Any) -> dict[str, Any]:
    now = int(clock.system_now().timestamp())
    fine = {"iss": issuer.url, "aud": "duban", "sub": "s-1", "nonce": "the-nonce", "exp": now + 300, "iat": now}
    return {name: value for name, value in {**fine, **changed}.items() if value is not None}


def signed(said: dict[str, Any], key: Any = KEYS["RS256"], *, alg: str = "RS256", named: str = "RS256") -> str:
    """`named`: by which of the issuer's keys it says to be signed."""
    return jwt.encode({"alg": alg, "kid": KEYS[named].kid}, said, key, algorithms=[alg])


def shown(issuer: Speaker, token: str) -> str:
    issuer.answers["/token"] = (200, {"access_token": "a", "token_type": "Bearer", "id_token": token})
    provider = Provider("sso", ProviderKind.OIDC, "duban", SECRET, issuer=issuer.url)
    return Oidc(provider).shown(JOURNEY, {"code": "c", "state": "state"}).subject


@pytest.mark.parametrize("algorithm", KEYS)
def test_what_the_issuer_signed_for_us_is_believed(issuer: Speaker, algorithm: str) -> None:
    token = signed(claims(issuer), KEYS[algorithm], alg=algorithm, named=algorithm)
    assert shown(issuer, token) == "s-1"


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://evil.example"},
        {"aud": "another client"},
        {"aud": ["another client", "a third"]},
        {"aud": ["duban", "another"], "azp": "another"},
        {"aud": ["duban", "another"]},
        {"nonce": "of another journey"},
        {"nonce": None},
        {"exp": 1},
        {"exp": None},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": "x" * 256},
    ],
)
def test_what_was_said_for_somebody_else_or_another_time_is_not(issuer: Speaker, changed: dict[str, Any]) -> None:
    token = signed(claims(issuer, **changed))
    with pytest.raises(NotShown):
        shown(issuer, token)


def test_a_key_of_somebody_else_signs_nothing(issuer: Speaker) -> None:
    with pytest.raises(NotShown):
        shown(issuer, signed(claims(issuer), STRANGE))


@pytest.mark.filterwarnings("ignore")
def test_our_own_secret_signs_nothing(issuer: Speaker) -> None:
    token = signed(claims(issuer), OctKey.import_key(SECRET), alg="HS256")
    with pytest.raises(NotShown):
        shown(issuer, token)


@pytest.mark.filterwarnings("ignore")
def test_no_signature_is_none(issuer: Speaker) -> None:
    token = signed(claims(issuer), alg="none")
    with pytest.raises(NotShown):
        shown(issuer, token)


@pytest.mark.parametrize("token", ["", "a.b.c", "nonsense", "." * 100])
def test_nonsense_is_no_token(issuer: Speaker, token: str) -> None:
    with pytest.raises(NotShown):
        shown(issuer, token)


def test_a_mail_counts_when_the_issuer_has_verified_it(issuer: Speaker) -> None:
    for verified, mail in ((True, "a@b.example"), (False, ""), ("true", ""), (None, "")):
        said = claims(issuer, email="a@b.example", email_verified=verified)
        issuer.answers["/token"] = (200, {"id_token": signed(said)})
        provider = Provider("sso", ProviderKind.OIDC, "duban", SECRET, issuer=issuer.url)
        assert Oidc(provider).shown(JOURNEY, {"code": "c"}).mail == mail
