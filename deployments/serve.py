"""`python -m deployments.serve`: the flow server. Registers the deployments, then runs what is due.

It never pauses deployments when it stops: the slots of the meantime are still there when it comes back, and
whether a schedule is on stays what an operator made it.
"""

import asyncio
import logging
from datetime import datetime

from prefect import aserve
from prefect.client.orchestration import get_client

from deployments.catalog import deployments
from deployments.janitor import clear_dead_runs
from runtime import clock
from runtime.database import make_engine, open_database, session_factory
from runtime.settings import Settings, load_settings
from services.rulebook import the_city

log = logging.getLogger("duban.serve")


async def serve(settings: Settings) -> None:
    """Serve until stopped. Delivery begins at once, without waiting for its slot."""
    city, timezone, now = await asyncio.to_thread(_which_city, settings)
    if dead := await clear_dead_runs(settings, now=now):
        log.warning("%d runs of this machine had died; marked as crashed", dead)
    planned = await deployments(city=city, timezone=timezone)
    begin = asyncio.create_task(_begin_delivery())
    try:
        await aserve(*planned, pause_on_shutdown=False, print_starting_message=False, limit=None)
    finally:
        begin.cancel()


def _which_city(settings: Settings) -> tuple[str, str, datetime]:
    """Its code, its time zone, and the true time."""
    with open_database(settings) as database:
        engine = make_engine(database.url)
        try:
            with session_factory(engine)() as session:
                city = the_city(session)
                return city.code, city.timezone, clock.true_now(session)
        finally:
            engine.dispose()


async def _begin_delivery() -> None:
    """One run of `deliver` as soon as it is registered; if that fails, its schedule brings one within minutes."""
    await asyncio.sleep(2.0)
    async with get_client() as client:
        deployment = await client.read_deployment_by_name("deliver/deliver")
        await client.create_flow_run_from_deployment(deployment.id)


if __name__ == "__main__":
    logging.basicConfig(level="INFO")
    asyncio.run(serve(load_settings()))
