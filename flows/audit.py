"""An ad-hoc audit 督查: draws points, makes sheets, tells the inspectors. Started in the Prefect UI, or by the shell.

Prefect knows no person: `requested_by` names who asks, and the service checks that this person may.
"""

import asyncio
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import Annotated
from uuid import uuid4

from prefect import flow
from prefect.client.schemas.objects import State
from pydantic import Field

from flows.artifacts import Rows, show_link, show_table
from flows.common import Duban, done, duban, patient, refused, run_id
from models.audit import RoundKind
from models.errors import DubanError
from services import audits
from services.audits import LARGEST_SEED, AuditOrder, Started


class AuditKind(StrEnum):
    """督查类别 · Kind of audit"""  # shown in the form; the names are those of RoundKind

    ANNOUNCED = "明察 announced"
    COVERT = "暗访 covert"
    MOCK = "模拟测评 mock evaluation"
    SPECIAL = "专项督查 special"
    LOOK_BACK = "回头看 look-back"


@dataclass(frozen=True)
class Audited:
    """The round that was started."""

    number: str
    seed: int
    drawn: int
    available: int
    inspectors: int
    repeated: bool


@flow(name="audit", flow_run_name="{kind} {area} {on_date}", persist_result=False)
async def audit(
    kind: AuditKind,
    area: str,
    points: Annotated[int, Field(ge=1, le=10_000)],
    inspectors: Annotated[list[str], Field(min_length=1)],
    on_date: date,
    requested_by: str,
    categories: list[str] = [],  # noqa: B006 - never changed, and `None` breaks the form
    seed: Annotated[int, Field(ge=0)] = 0,
    version: str = "",
    held: bool = False,
) -> State[Audited]:
    """随机抽取点位，生成检查表，通知检查员。
    Draws points at random, makes one sheet per point and tells the inspectors.

    Args:
        kind: 督查类别 · Kind of audit
        area: 区域代码，如 5103（全市）、510302（自流井区）、街道9位、社区12位 · Code of the area
        points: 抽取点位数 · How many points
        inspectors: 检查员的人员代码，如 R00002 · Person codes of the inspectors
        on_date: 检查日期 · Day of the inspection
        requested_by: 发起人的人员代码，须有该区域的督查权限 · Person code of who asks; must hold a post over the area
        categories: 点位类别代码，留空为全部 · Codes of the categories of points; empty: all
        seed: 随机种子，0为自动选取；同一种子抽取结果相同 · Seed of the draw, 0: chosen; the same seed, the same points
        version: 测评体系版本，留空为现行版本 · Edition of the evaluation system; empty: the current one
        held: 公布前保密，公布后才生成问题；暗访、模拟测评一律如此 · Issues wait until published; covert, mock: always
    """
    key = run_id() or str(uuid4())
    order = AuditOrder(
        kind=RoundKind[kind.name],
        area_code=area.strip(),
        categories=tuple(categories),
        points=points,
        seed=seed or chosen_seed(key),
        inspectors=tuple(inspectors),
        on_date=on_date,
        requested_by=requested_by.strip(),
        version_code=version.strip() or None,
        key=key,
        held=held,
    )
    with duban() as here:
        try:
            started = await draw(here, order)
        except DubanError as error:
            return refused(error)
        await _show(started, order, link=here.settings.public_url)
    shares = (started.drawn, started.available, len(started.sheets))
    return done(Audited(started.number, order.seed, *shares, started.repeated), in_words(started, order))


def chosen_seed(key: str) -> int:
    """A seed from 1 to the largest, the same for the same run: nobody can foretell it before there is the run."""
    return int.from_bytes(sha256(key.encode()).digest()) % LARGEST_SEED + 1


@patient("draw 抽取点位")
async def draw(here: Duban, order: AuditOrder) -> Started:
    """Draw and write; the run's id makes a second try harmless."""
    return await asyncio.to_thread(_start, here, order)


def _start(here: Duban, order: AuditOrder) -> Started:
    now = here.now()
    with here.sessions() as session:
        started = audits.start(session, order, now=now)
        session.commit()
    return started


async def _show(started: Started, order: AuditOrder, *, link: str) -> None:
    key = started.number.lower()
    await show_table(f"audit-{key}", as_rows(started, order), description=in_words(started, order))
    page = f"{link.rstrip('/')}/audits/{started.number}"
    await show_link(f"audit-{key}-page", page, text="查看本轮 Look at the round", description=started.number)


def as_rows(started: Started, order: AuditOrder) -> Rows:
    """Who goes where; of a covert round nothing: whoever looks at runs is not asked who they are."""
    return [
        {"检查员 inspector": who, "序 order": n, "点位 point": point}
        for who, points in started.sheets.items()
        for n, point in enumerate(points, start=1)
        if order.kind is not RoundKind.COVERT
    ]


def in_words(started: Started, order: AuditOrder) -> str:
    """What was drawn; without the seed, which gives the points to who knows the register, where the round is covert."""
    short = f", fewer than the {started.wanted} wanted 点位不足" if started.is_short else ""
    shares = f"{started.drawn} of {started.available} points 点位, {len(started.sheets)} inspectors 检查员"
    seed = "" if order.kind is RoundKind.COVERT else f", seed 种子 {order.seed}"
    return f"{started.number}: {shares}{short}{seed}"
