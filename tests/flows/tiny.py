"""`main` serves one empty flow every ten seconds, the shortest interval that Prefect has."""

from prefect import flow, serve
from prefect.types.entrypoint import EntrypointType


@flow(name="tiny", persist_result=False)
async def tiny() -> None:
    """Nothing; that it runs is what is tested."""


def main() -> None:
    """To be called from another module: the entrypoint carries this one's name."""
    deployment = tiny.to_deployment("tiny", interval=10, entrypoint_type=EntrypointType.MODULE_PATH)
    serve(deployment, pause_on_shutdown=False, print_starting_message=False)
