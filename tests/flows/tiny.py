"""`python -m tests.flows.tiny`: serves one empty flow every ten seconds, the shortest interval that Prefect has."""

from prefect import flow, serve
from prefect.types.entrypoint import EntrypointType


@flow(name="tiny", persist_result=False)
async def tiny() -> None:
    """Nothing; that it runs is what is tested."""


if __name__ == "__main__":
    deployment = tiny.to_deployment("tiny", interval=10, entrypoint_type=EntrypointType.MODULE_PATH)
    serve(deployment, pause_on_shutdown=False, print_starting_message=False)
