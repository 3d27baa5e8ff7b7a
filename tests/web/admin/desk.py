"""What a browser does with the forms of administration, without a browser."""

import re
from html import unescape
from typing import Any

import httpx

ADMINISTRATOR = "R00005"


def hidden(page: str, name: str) -> str:
    """What a hidden field of a page holds."""
    found = re.search(rf'<input type="hidden" name="{re.escape(name)}" value="([^"]*)"', page)
    found = found or re.search(rf'<textarea name="{re.escape(name)}" hidden[^>]*>\n(.*?)</textarea>', page, re.S)
    assert found, f"no {name} in {page}"
    return unescape(found[1])


def fields(page: str) -> dict[str, str]:
    """The first form that is sent, as a browser would send it untouched."""
    form = page[page.index('<form method="post"') :]
    form = form[: form.index("</form>")]
    found = dict(re.findall(r'<input[^>]*? name="([^"]+)"[^>]*? value="([^"]*)"', form))
    for name, options in re.findall(r'<select[^>]*? name="([^"]+)".*?>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options) or re.search(r'value="([^"]*)"', options)
        found[name] = chosen[1] if chosen else ""
    texts = re.findall(r'<textarea[^>]*? name="([^"]+)"[^>]*>\n(.*?)</textarea>', form, re.S)
    return {name: unescape(value) for name, value in [*found.items(), *texts]}


def cells(**given: str) -> dict[str, str]:
    """Cells as the form names them."""
    return {f"cell-{name}": value for name, value in given.items()}


async def proposed(client: httpx.AsyncClient, table: str, key: str | None, **given: str) -> httpx.Response:
    """The form of a row, opened, filled in and sent; without a key that of a new row."""
    address, query = f"/admin/t/{table}/row", {} if key is None else {"key": key}
    page = await client.get(address, params=query)
    assert page.status_code == 200, page.text
    return await client.post(address, params=query, data={**fields(page.text), **cells(**given)})


async def pressed(client: httpx.AsyncClient, page: httpx.Response, do: str, **more: Any) -> httpx.Response:
    """A button of the page that shows a change."""
    return await client.post("/admin/change", data={"carried": hidden(page.text, "carried"), "do": do, **more})


async def confirmed(client: httpx.AsyncClient, page: httpx.Response, *, why: str = "按通知调整") -> httpx.Response:
    """What was shown, confirmed."""
    return await pressed(client, page, "apply", fingerprint=hidden(page.text, "fingerprint"), why=why)
