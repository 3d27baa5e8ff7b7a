"""A process that does one piece of work and, at the point that it is told, dies of SIGKILL.

    python -m tests.crash.victim WORK --url … --now … --point NAME --nth N --typed words of a command

It ends with 0 when the point was never reached.
"""

import argparse
from datetime import datetime
from pathlib import Path

from tests.bed import allow_only_loopback
from tests.crash.points import POINTS, arm
from tests.crash.works import WORKS, Job


def main() -> None:
    told = _told()
    allow_only_loopback()
    if told.point:
        arm(told.point, nth=told.nth)
    job = Job(told.url, datetime.fromisoformat(told.now), told.home, told.smtp, tuple(told.typed))
    WORKS[told.work](job)


def _told() -> argparse.Namespace:
    words = argparse.ArgumentParser()
    words.add_argument("work", choices=sorted(WORKS))
    words.add_argument("--url", required=True)
    words.add_argument("--now", required=True)
    words.add_argument("--point", choices=sorted(POINTS))
    words.add_argument("--nth", type=int, default=1)
    words.add_argument("--home", type=Path)
    words.add_argument("--smtp")
    words.add_argument("--typed", nargs=argparse.REMAINDER, default=[])
    return words.parse_args()


if __name__ == "__main__":
    main()
