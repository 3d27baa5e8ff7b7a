"""`python -m web`: serve the pages until stopped."""

import uvicorn

from runtime import i18n, logs
from runtime.settings import load_settings
from web.app import create_app


def main() -> None:
    settings = load_settings()
    i18n.use(settings.lang)
    logs.set_up(settings.log_level)
    uvicorn.run(
        create_app(settings),
        host=settings.web_host,
        port=settings.web_port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=3,
    )


if __name__ == "__main__":
    main()
