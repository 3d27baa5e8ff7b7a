"""Every deployment, once. `serve.py` serves them, `prefect.yaml` is written from them (`prefect_yaml.py`)."""

from dataclasses import dataclass
from importlib import import_module
from typing import Any, cast

from prefect import Flow
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.deployments.runner import RunnerDeployment
from prefect.schedules import Cron
from prefect.types.entrypoint import EntrypointType

ONE_AT_A_TIME = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)


@dataclass(frozen=True)
class Planned:
    """One deployment. `cron` is in the city's time zone; `alone`: while one run is under way, others are cancelled."""

    name: str
    entrypoint: str
    description: str
    stage: str
    cron: str | None = None
    alone: bool = False

    def tags(self, *, city: str) -> list[str]:
        return [f"city:{city}", f"stage:{self.stage}"]

    def flow(self) -> Flow[Any, Any]:
        """The flow behind the entrypoint."""
        module, _, name = self.entrypoint.rpartition(".")
        return cast("Flow[Any, Any]", getattr(import_module(module), name))


CATALOG = (
    Planned(
        name="lifecycle",
        entrypoint="flows.lifecycle.lifecycle",
        description="生命周期：每分钟推进到期的问题，逐级提醒、督办、升级。\n\n"
        "Every minute: what is due moves on, stage by stage; what runs late climbs the five levels.",
        stage="all",
        cron="* * * * *",
        alone=True,
    ),
    Planned(
        name="deliver",
        entrypoint="flows.deliver.deliver",
        description="发送：消息提交后即刻送达；无人可达时逐级上报。\n\n"
        "Sends what has been committed, at once. Runs overlap harmlessly.",
        stage="delivery",
        cron="*/4 * * * *",
    ),
    Planned(
        name="audit",
        entrypoint="flows.audit.audit",
        description="督查：按类别随机抽取点位，生成检查表，通知检查员。\n\n"
        "Ad hoc: draws points at random, makes sheets and tells the inspectors.",
        stage="found",
    ),
    Planned(
        name="half_month_dispatch",
        entrypoint="flows.half_month_dispatch.half_month_dispatch",
        description="半月调度通报：每月1日、16日 08:10 起草，审批后发布。\n\n"
        "Drafts the bulletin of the past half month; people approve and publish it.",
        stage="report",
        cron="10 8 1,16 * *",
    ),
    Planned(
        name="weekly_bulletin",
        entrypoint="flows.weekly_bulletin.weekly_bulletin",
        description="创建工作周报：每周一 08:12 起草，审批后发布。\n\n"
        "Drafts the bulletin of the past week; people approve and publish it.",
        stage="report",
        cron="12 8 * * 1",
    ),
    Planned(
        name="monthly_appraisal",
        entrypoint="flows.monthly_appraisal.monthly_appraisal",
        description="月度考核得分和通报：每月3日 08:14 起草，得分先供申诉，审批后发布。\n\n"
        "Drafts the scores of the past month, open to appeals, and its bulletin; people approve and publish both.",
        stage="report",
        cron="14 8 3 * *",
    ),
    Planned(
        name="daily_digest",
        entrypoint="flows.daily_digest.daily_digest",
        description="每日待办摘要：工作日 08:20。\n\nOn the city's working days: what waits for each person.",
        stage="report",
        cron="20 8 * * *",
    ),
    Planned(
        name="watchdog",
        entrypoint="flows.watchdog.watchdog",
        description="值守：每10分钟检查是否有该办未办的环节和滞留的消息。\n\n"
        "Every ten minutes: steps that are late, messages that wait too long. Pings outside only when all is well.",
        stage="watch",
        cron="*/10 * * * *",
    ),
    Planned(
        name="housekeeping",
        entrypoint="flows.housekeeping.housekeeping",
        description="夜间整理：封存前一日记录，清理旧的运行记录，检查日历有效期。\n\n"
        "Nightly: seals the day, prunes old runs, checks how far the calendar is published.",
        stage="watch",
        cron="30 2 * * *",
    ),
)


async def deployments(*, city: str, timezone: str) -> list[RunnerDeployment]:
    """All deployments as Prefect knows them, for the city with this code and IANA time zone."""
    return [await _deployment(planned, city=city, timezone=timezone) for planned in CATALOG]


async def _deployment(planned: Planned, *, city: str, timezone: str) -> RunnerDeployment:
    return await planned.flow().ato_deployment(
        name=planned.name,
        schedule=Cron(planned.cron, timezone=timezone) if planned.cron else None,
        concurrency_limit=ONE_AT_A_TIME if planned.alone else None,
        description=planned.description,
        tags=planned.tags(city=city),
        entrypoint_type=EntrypointType.MODULE_PATH,  # a path would put flows/ first on sys.path
    )
