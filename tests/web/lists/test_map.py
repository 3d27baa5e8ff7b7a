"""The map: what it shows to whom, where its pictures come from, and what works without it."""

from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr
from sqlmodel import Session

from models.lifecycle import OPEN
from runtime.errors import BadSettings
from runtime.settings import Settings, load_settings
from services import sight
from tests.cast import DISTRICT_OFFICE, HANDLER, OFFICE, OUTSIDER, STRANGER, who
from tests.services.crowd import a_crowd
from tests.web.lists.reader import numbers
from tests.web.lists.test_page import named
from tests.web.visitor import log_in
from web.app import create_app
from web.lists.tiles import tiles_of

ALL = "bbox=100,20,110,40&zoom=10"


@pytest.fixture
def crowd(city: Session) -> Session:
    a_crowd(city)
    city.commit()
    return city


@pytest.mark.parametrize("person", [OFFICE, HANDLER, DISTRICT_OFFICE, OUTSIDER])
async def test_everybody_gets_the_open_ones_that_they_may_see(
    crowd: Session, client: httpx.AsyncClient, person
) -> None:
    log_in(crowd, client, person)
    shown = (await client.get(f"/map/points.json?{ALL}")).json()
    actor = who(crowd, person)
    expected = named(crowd, lambda one: one.state in OPEN and sight.sees(actor, one))
    assert [spot["number"] for spot in shown["spots"]] == expected
    assert shown["total"] == len(expected)


async def test_the_map_takes_the_filters_of_the_list(crowd: Session, client) -> None:
    log_in(crowd, client, OFFICE)
    shown = (await client.get(f"/map/points.json?{ALL}&state=closed&q=垃圾")).json()
    expected = named(crowd, lambda one: one.state == "closed" and "垃圾" in one.description)
    assert [spot["number"] for spot in shown["spots"]] == expected
    assert shown["newest_only"]


@pytest.mark.parametrize(
    "query", ["bbox=1,2,3&zoom=9", "bbox=nan,1,1,1&zoom=9", f"{ALL}&unit=zz", f"{ALL}&sort=x", "bbox=%00,1,2,3&zoom=1"]
)
async def test_what_cannot_be_used_is_said(crowd: Session, client, query: str) -> None:
    log_in(crowd, client, OFFICE)
    answer = await client.get(f"/map/points.json?{query}")
    assert answer.status_code in (400, 404)
    assert answer.json()["error"]


@pytest.mark.parametrize("query", ["zoom=9", "bbox=1,2,3,4", f"{ALL}&zoom=99", "bbox=1,2,3,4&zoom=x"])
async def test_a_question_that_is_none_is_refused(crowd: Session, client, query: str) -> None:
    log_in(crowd, client, OFFICE)
    assert (await client.get(f"/map/points.json?{query}")).status_code == 400


async def test_nobody_gets_points_without_the_right(crowd: Session, client) -> None:
    assert (await client.get(f"/map/points.json?{ALL}")).status_code == 303
    log_in(crowd, client, STRANGER)
    for address in ("/map", f"/map/points.json?{ALL}", "/map/labels.json"):
        assert (await client.get(address)).status_code == 403


async def test_without_a_script_the_page_lists_issues_and_districts(crowd: Session, client) -> None:
    log_in(crowd, client, OFFICE)
    page = (await client.get("/map?lang=en")).text
    assert numbers(page) == named(crowd, lambda one: one.state in OPEN)[:20]
    assert 'href="/issues?open=1&amp;area=510302"' in page
    assert "No map server is set up" in page


async def test_without_a_map_server_no_other_host_is_allowed(crowd: Session, client) -> None:
    log_in(crowd, client, OFFICE)
    answer = await client.get("/map")
    assert "img-src 'self' data: blob:;" in answer.headers["content-security-policy"]


async def test_pictures_come_from_exactly_the_named_hosts_and_on_the_map_alone(
    crowd: Session, database_url: str, tmp_path: Path
) -> None:
    given = {"map_tiles": "https://{s}.tiles.example/{z}/{x}/{y}.png?k={key}", "map_key": SecretStr("abc123")}
    app = create_app(Settings(database_url=SecretStr(database_url), home=tmp_path, lang="zh-CN", **given))
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://duban") as client,
    ):
        log_in(crowd, client, OFFICE)
        answer = await client.get("/map")
        assert (
            "img-src 'self' https://0.tiles.example https://1.tiles.example"
            in answer.headers["content-security-policy"]
        )
        assert 'data-layers="https://{s}.tiles.example/{z}/{x}/{y}.png?k=abc123"' in answer.text
        assert answer.headers["referrer-policy"] == "strict-origin-when-cross-origin"
        assert "tiles.example" not in (await client.get("/issues")).headers["content-security-policy"]


def test_tianditu_serves_unless_another_is_named_and_a_key_is_needed() -> None:
    assert tiles_of(Settings(), "zh-CN").layers == ()
    ours = tiles_of(Settings(map_key=SecretStr("k1")), "en")
    assert [layer.split("LAYER=")[1][:3] for layer in ours.layers] == ["vec", "eva"]
    assert len(ours.sources) == 8
    assert ours.sources[0] == "https://t0.tianditu.gov.cn"
    assert tiles_of(Settings(map_key=SecretStr("k1"), map_tiles="none"), "en").layers == ()


@pytest.mark.parametrize(
    "tiles",
    [
        "tiles.example",
        "javascript:alert(1)//{x}{y}{z}",
        "https://a/{z}/{x}",
        "https://a/{z}/{x}/{y}; script-src *",
        "https://a'/{z}/{x}/{y}",
    ],
)
def test_a_map_server_that_would_open_the_policy_is_refused(tiles: str) -> None:
    with pytest.raises(BadSettings, match="DUBAN_MAP_TILES"):
        load_settings(map_tiles=tiles)


def test_a_key_that_is_none_is_refused() -> None:
    with pytest.raises(BadSettings, match="DUBAN_MAP_KEY"):
        load_settings(map_key="a b;c")
