"""The deployments: served and in prefect.yaml they are the same."""

import yaml

from deployments.catalog import CATALOG, deployments
from deployments.prefect_yaml import FILE, text


def test_prefect_yaml_is_written_from_the_catalogue() -> None:
    assert FILE.read_text(encoding="utf-8") == text(), "run: python -m deployments.prefect_yaml"


async def test_what_is_served_is_what_prefect_yaml_says() -> None:
    filled = text().replace("{{ $DUBAN_CITY }}", "5103").replace("{{ $DUBAN_TIMEZONE }}", "Asia/Shanghai")
    written = {one["name"]: one for one in yaml.safe_load(filled)["deployments"]}
    served = {one.name: one for one in await deployments(city="5103", timezone="Asia/Shanghai")}

    assert served.keys() == written.keys()
    for name, one in served.items():
        schedules = [(row.schedule.cron, row.schedule.timezone) for row in one.schedules or []]
        assert one.entrypoint == written[name]["entrypoint"]
        assert one.tags == written[name]["tags"]
        assert one.description == written[name]["description"]
        assert schedules == [(row["cron"], row["timezone"]) for row in written[name].get("schedules", [])]
        assert (one.concurrency_limit or None) == written[name].get("concurrency_limit", {}).get("limit")


def test_every_flow_carries_the_name_of_its_deployment() -> None:
    assert [planned.flow().name for planned in CATALOG] == [planned.name for planned in CATALOG]


def test_flows_are_asynchronous() -> None:
    """A synchronous one costs a second more for each run."""
    assert all(planned.flow().isasync for planned in CATALOG)


def test_each_parameter_of_the_audit_form_is_explained_in_both_languages() -> None:
    audit = next(planned for planned in CATALOG if planned.name == "audit").flow()
    described = {
        name: row.get("description", "") for name, row in audit.parameters.properties.items() if name != "kind"
    }

    assert all(" · " in words for words in described.values()), described
