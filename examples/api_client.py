"""A program that reports a problem and follows it, through the API. It needs httpx and a running `make run`.

    .venv/bin/duban token create "first try" --scope read --scope report --as R00002
    DUBAN_TOKEN=duban_… .venv/bin/python examples/api_client.py

It reports once however often it is run on the same day: the idempotency key sees to it.
"""

import os
import sys
from datetime import date

import httpx

ADDRESS = os.environ.get("DUBAN_URL", "http://127.0.0.1:8400")


def main() -> int:
    """Report, then print where the newest open issues stand."""
    token = os.environ.get("DUBAN_TOKEN", "")
    if not token:
        print(__doc__, file=sys.stderr)
        return 2
    with httpx.Client(base_url=f"{ADDRESS}/api/v1", headers={"Authorization": f"Bearer {token}"}) as api:
        print("I am", api.get("/me").raise_for_status().json()["code"])
        print("reported:", report(api))
        for issue in newest_open(api):
            print(issue["number"], issue["state"], issue["unit_name"] or "-", issue["due_at"] or "-", sep="\t")
    return 0


def report(api: httpx.Client) -> str:
    """A problem at the first point there is. What is known there already is told instead of written again."""
    point = api.get("/points", params={"limit": 1}).raise_for_status().json()["items"][0]
    standards = api.get("/standards", params={"category": point["category_code"], "limit": 1}).raise_for_status()
    problem = {
        "description": f"例：{point['name']}垃圾桶满溢",
        "point": point["code"],
        "standard": standards.json()["items"][0]["code"],
    }
    answer = api.post("/issues", json=problem, headers={"Idempotency-Key": f"example-{date.today()}"})  # noqa: DTZ011
    answer.raise_for_status()
    known = [one["number"] for one in answer.json()["known"]]
    return answer.json()["number"] or f"known already: {', '.join(known)}"


def newest_open(api: httpx.Client, *, pages: int = 2) -> list[dict[str, str]]:
    """The first two stretches of the list; `next` leads from one to the following."""
    found, after = [], None
    for _ in range(pages):
        asked = {"open": True, "limit": 5, **({"after": after} if after else {})}
        page = api.get("/issues", params=asked).raise_for_status().json()
        found += page["items"]
        after = page["next"]
        if after is None:
            break
    return found


if __name__ == "__main__":
    sys.exit(main())
