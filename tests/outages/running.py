"""`python -m tests.outages.running FLOW MOMENT FOLDER`: one run of a flow in a process of its own, as Prefect makes it.

Just before the first statement that begins with MOMENT, the PostgreSQL in FOLDER dies and is started again.
The last line tells how the run ended.
"""

import asyncio
import json
import sys
from pathlib import Path

from prefect.client.schemas.objects import State
from sqlalchemy import Engine

from flows.deliver import deliver
from flows.lifecycle import lifecycle
from runtime.cluster import hold
from tests.outages.server import OPTIONS, Server, before


async def run(flow: str) -> State[object]:
    if flow == "deliver":
        return await deliver(seconds=0.0, return_state=True)
    return await lifecycle(return_state=True)


def main(flow: str, moment: str, folder: str) -> None:
    server = Server(hold(Path(folder), options=OPTIONS))
    with before(moment, Engine, server.restart) as seen:
        state = asyncio.run(run(flow))
    print(json.dumps({"type": state.type, "message": state.message, "seen": bool(seen)}))  # noqa: T201 - the answer
    server.cluster.release()


if __name__ == "__main__":
    main(*sys.argv[1:])
