"""`python -m deployments.prefect_server`: Prefect's server in this very process.

The `prefect` command would do the same, but costs two seconds of imports.
"""

import uvicorn
from prefect.server.api.server import create_app
from prefect.settings import get_current_settings


def main() -> None:
    """Serve until stopped; everything is told by PREFECT_* variables (environment.py)."""
    server = get_current_settings().server
    uvicorn.run(
        create_app(final=True),
        host=server.api.host,
        port=server.api.port,
        timeout_keep_alive=server.api.keepalive_timeout,
        log_level="warning",
    )


if __name__ == "__main__":
    main()
