"""Sending by hand what the flow server otherwise sends: the outbox, its reaper, and what nobody received."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cli.opening import Work

if TYPE_CHECKING:
    from datetime import datetime

    from notifications.channels import Channels

ROUNDS = 20


@dataclass
class Posted:
    """What became of the messages of one round; `passed_up` went to the next post."""

    claimed: int = 0
    bundled: int = 0
    sent: int = 0
    waiting: int = 0
    unknown: int = 0
    failed: int = 0
    passed_up: int = 0
    webhooks: int = 0


@contextmanager
def doors(work: Work) -> Iterator["Channels"]:
    """The channels that this installation has, closed at the end."""
    from notifications.channels import Gateways, open_channels

    channels = open_channels(Gateways(**work.settings.gateways))
    try:
        yield channels
    finally:
        channels.close()


def post_all(work: Work, channels: "Channels") -> Posted:
    """Send what is due, hand up what reached nobody, and send that, until nothing is left to do now."""
    posted = Posted()
    _reap(work)
    for _round in range(ROUNDS):
        _deliver(work, channels, posted)
        moved = _pass_up(work)
        posted.passed_up += moved
        if not moved:
            break
    posted.webhooks = tell_subscribers(work)["ok"]
    return posted


def tell_subscribers(work: Work) -> "Counter[str]":
    """Tell subscribers what happened, after people: outcome → how many."""
    from runtime import clock
    from runtime.keys import account_keys
    from services.hooks_sending import tell

    def now() -> "datetime":
        with work.sessions() as session:
            return clock.true_now(session)

    told: Counter[str] = Counter()
    for _round in range(ROUNDS):
        counts = tell(work.sessions, keys=account_keys(work.settings), networks=work.settings.webhook_networks, now=now)
        told.update(counts.told)
        if not counts.more:
            break
    return told


def _reap(work: Work) -> None:
    from notifications.reaper import reap

    with work.sessions() as session:
        reap(session, now=work.now())
        session.commit()


def _deliver(work: Work, channels: "Channels", posted: Posted) -> None:
    from notifications.delivery import deliver
    from notifications.links import Signs
    from runtime.keys import link_keys
    from services.pack_files import templates_in_force

    signs = Signs(link_keys(work.settings), work.settings.public_url)
    with work.sessions() as session:
        templates = templates_in_force(session, home=work.settings.home, otherwise=work.settings.templates)
    counts = deliver(work.sessions, now=work.now, channels=channels, limit=10_000, templates=templates, signs=signs)
    for name in ("claimed", "bundled", "sent", "waiting", "unknown", "failed"):
        setattr(posted, name, getattr(posted, name) + getattr(counts, name))


def _pass_up(work: Work) -> int:
    from services.reach import pass_up

    with work.sessions() as session:
        moved = pass_up(session, now=work.now())
        session.commit()
    return moved
