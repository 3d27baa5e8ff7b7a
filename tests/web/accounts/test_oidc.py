"""OpenID Connect with a real provider on loopback."""

import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from pydantic import SecretStr
from sqlmodel import Session

from runtime import clock
from runtime.settings import PROJECT, Settings
from services.accounts import identities
from tests.cast import HANDLER, OFFICE
from tests.web.accounts.browser import is_in, open_sessions
from web.accounts.elsewhere import COOKIE
from web.app import create_app

NODE = shutil.which("node")
pytestmark = pytest.mark.skipif(
    not (NODE and (PROJECT / "node_modules" / "oidc-provider").is_dir()), reason="needs node and npm's oidc-provider"
)
OURS = "http://duban.example:8400"
BACK = f"{OURS}/login/back/sso"
SUBJECT = "sub-of-he-jingxing"
SECRET = "a secret with signs: +/%& of thirty characters"


@pytest.fixture
def provider() -> Iterator[Callable[..., str]]:
    """Starts one and returns its issuer."""
    running = []

    def start(**given: str) -> str:
        variables = {**os.environ, "OUR_BACK": BACK, **given}
        script = Path(__file__).with_name("provider.mjs")
        process = subprocess.Popen(
            [NODE or "", str(script)], env=variables, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        running.append(process)
        return process.stdout.readline().strip()

    yield start
    for process in running:
        process.terminate()
        process.wait(20)
        process.stdout.close()


@asynccontextmanager
async def installation(
    database_url: str, home: Path, issuer: str, *, match: str = "[]"
) -> AsyncIterator[httpx.AsyncClient]:
    """Ours, with that provider."""
    (home / "secret").write_text(SECRET)
    (home / "providers.toml").write_text(
        f'[[provider]]\nname = "sso"\nkind = "oidc"\ntitle = "统一认证"\ntitle_en = "Single sign-on"\n'
        f'issuer = "{issuer}"\nclient_id = "duban"\nclient_secret_file = "secret"\nmatch = {match}\n'
    )
    settings = Settings(
        database_url=SecretStr(database_url),
        home=home,
        lang="zh-CN",
        public_url=OURS,
        login_providers=home / "providers.toml",
    )
    app = create_app(settings)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url=OURS) as client,
    ):
        yield client


async def journey(client: httpx.AsyncClient, *, wanted: str = "/more") -> str:
    """Through the provider's pages, as a browser goes; returns the address by which one comes back."""
    address = (await client.get(f"/login/with/sso?next={wanted}")).headers["location"]
    async with httpx.AsyncClient(trust_env=False) as browser:
        for _ in range(10):
            address = str(httpx.URL(address).join((await browser.get(address)).headers["location"]))
            if address.startswith(OURS):
                return address
    raise AssertionError(address)


def bind(session: Session, person: str = HANDLER) -> None:
    identities.bind(session, person, provider="sso", subject=SUBJECT, by="R00005", now=clock.true_now(session))
    session.commit()


@pytest.fixture
async def ours(city: Session, database_url: str, tmp_path: Path, provider) -> AsyncIterator[httpx.AsyncClient]:
    async with installation(database_url, tmp_path, provider()) as client:
        yield client


async def test_whoever_is_bound_comes_in(city: Session, ours: httpx.AsyncClient) -> None:
    bind(city)
    assert "统一认证" in (await ours.get("/login")).text
    answer = await ours.get(await journey(ours))
    assert (answer.status_code, answer.headers["location"]) == (303, "/more")
    assert open_sessions(city) == [(HANDLER, "oidc", False)]
    assert await is_in(ours)


async def test_whoever_is_not_is_told_what_to_give_the_administrator(city: Session, ours: httpx.AsyncClient) -> None:
    answer = await ours.get(await journey(ours))
    assert answer.status_code == 403
    assert SUBJECT in answer.text
    assert open_sessions(city) == []


async def test_what_we_send_there_is_code_pkce_state_and_nonce(city: Session, ours: httpx.AsyncClient) -> None:
    address = urlsplit((await ours.get("/login/with/sso")).headers["location"])
    given = {name: values[0] for name, values in parse_qs(address.query).items()}
    assert (given["response_type"], given["code_challenge_method"], given["redirect_uri"]) == ("code", "S256", BACK)
    assert len({given[name] for name in ("state", "nonce", "code_challenge")}) == 3


async def test_the_way_back_counts_once(city: Session, ours: httpx.AsyncClient) -> None:
    bind(city)
    back = await journey(ours)
    kept = next(cookie.value for cookie in ours.cookies.jar if cookie.name == COOKIE)
    await ours.get(back)
    ours.cookies.set(COOKIE, kept, path="/login")
    assert (await ours.get(back)).status_code == 403
    assert len(open_sessions(city)) == 1


async def test_it_counts_in_the_browser_that_went_there(city: Session, ours: httpx.AsyncClient) -> None:
    bind(city)
    back = await journey(ours)
    victim = httpx.AsyncClient(transport=ours._transport, base_url=OURS)
    assert (await victim.get(back)).status_code == 403
    assert open_sessions(city) == []


@pytest.mark.parametrize("change", [{"state": "forged"}, {"code": "forged"}, {"iss": "https://evil.example"}])
async def test_what_is_forged_on_the_way_back_opens_nothing(
    city: Session, ours: httpx.AsyncClient, change: dict[str, str]
) -> None:
    bind(city)
    back = httpx.URL(await journey(ours)).copy_merge_params(change)
    assert (await ours.get(str(back))).status_code == 403
    assert open_sessions(city) == []


async def test_a_refusal_of_the_provider_is_told(city: Session, ours: httpx.AsyncClient) -> None:
    state = parse_qs(urlsplit((await ours.get("/login/with/sso")).headers["location"]).query)["state"][0]
    answer = await ours.get(f"/login/back/sso?error=access_denied&state={state}")
    assert answer.status_code == 403
    assert "access_denied" in answer.text


async def test_the_office_takes_the_second_step_too(city: Session, ours: httpx.AsyncClient) -> None:
    bind(city, OFFICE)
    assert (await ours.get(await journey(ours))).headers["location"].startswith("/login/second")
    assert open_sessions(city) == []


@pytest.mark.parametrize(
    ("match", "verified", "person"), [('["mail"]', "1", HANDLER), ('["mail"]', "0", None), ("[]", "1", None)]
)
async def test_a_mail_binds_where_it_is_verified_and_the_setting_says_so(
    city: Session, database_url: str, tmp_path: Path, provider, match: str, verified: str, person: str | None
) -> None:
    async with installation(database_url, tmp_path, provider(VERIFIED=verified), match=match) as client:
        await client.get(await journey(client))
    assert [code for code, *_ in open_sessions(city)] == ([person] if person else [])


async def test_a_provider_that_takes_the_secret_in_the_form_is_given_it_there(
    city: Session, database_url: str, tmp_path: Path, provider
) -> None:
    bind(city)
    async with installation(database_url, tmp_path, provider(AUTH="client_secret_post")) as client:
        assert (await client.get(await journey(client))).status_code == 303


async def test_an_issuer_that_says_it_is_another_is_not_believed(
    city: Session, database_url: str, tmp_path: Path, provider
) -> None:
    issuer = provider().replace("127.0.0.1", "localhost")
    async with installation(database_url, tmp_path, issuer) as client:
        assert (await client.get("/login/with/sso")).status_code == 403


async def test_a_provider_that_is_down_is_told(city: Session, database_url: str, tmp_path: Path) -> None:
    async with installation(database_url, tmp_path, "http://127.0.0.1:9") as client:
        answer = await client.get("/login/with/sso")
    assert answer.status_code == 403
    assert "ConnectError" in answer.text
