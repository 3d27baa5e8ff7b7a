"""`python -m deployments.prefect_yaml` writes prefect.yaml from the catalogue, for several machines with workers.

On one machine nobody needs the file: `serve.py` serves the same deployments.
"""

from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]

from deployments.catalog import CATALOG, Planned

FILE = Path(__file__).with_name("prefect.yaml")
HEAD = """\
# Written by `python -m deployments.prefect_yaml` from deployments/catalog.py; change that and write it anew.
# Deploy with `prefect --no-prompt deploy --all --prefect-file deployments/prefect.yaml` from the project's folder.
# The environment names the work pool (DUBAN_WORK_POOL), the city's code (DUBAN_CITY), its time zone (DUBAN_TIMEZONE)
# and the folder of the project on the workers (DUBAN_PROJECT).
"""


def document() -> dict[str, Any]:
    """The whole file as one value."""
    return {
        "name": "duban",
        "pull": [{"prefect.deployments.steps.set_working_directory": {"directory": "{{ $DUBAN_PROJECT }}"}}],
        "deployments": [_entry(planned) for planned in CATALOG],
    }


def _entry(planned: Planned) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "name": planned.name,
        "entrypoint": planned.entrypoint,
        "description": planned.description,
        "tags": planned.tags(city="{{ $DUBAN_CITY }}"),
        "work_pool": {"name": "{{ $DUBAN_WORK_POOL }}"},
    }
    if planned.cron:
        entry["schedules"] = [{"cron": planned.cron, "timezone": "{{ $DUBAN_TIMEZONE }}", "active": True}]
    if planned.alone:
        entry["concurrency_limit"] = {"limit": 1, "collision_strategy": "CANCEL_NEW"}
    return entry


def text() -> str:
    """What stands in prefect.yaml."""
    return HEAD + str(yaml.safe_dump(document(), allow_unicode=True, sort_keys=False, width=110))


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
