"""Deliver 发送: a committed message leaves at once; what reached nobody goes up; what happened is told to Prefect.

A run listens for some minutes, the next one overlaps it: rows are claimed, so two at once do no harm. A word that was
missed costs a few seconds, since each run also looks by itself.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path

from prefect import flow
from prefect.client.schemas.objects import State

from flows.closed_out import passed_up
from flows.common import Duban, done, duban, gave_way, patient, superseded
from flows.events import tell_prefect
from notifications.channels import Channels, Gateways, open_channels
from notifications.delivery import deliver as send
from notifications.links import Signs
from notifications.outbox import WAKE
from notifications.reaper import reap
from runtime import clock
from runtime.keys import account_keys, link_keys
from runtime.listening import Bell, listening
from runtime.stopping import STOP, this_machine
from services.hooks_sending import tell
from services.pack_files import templates_in_force

EVERY = timedelta(minutes=4)
LASTS = 270.0
"""Seconds. Longer than the interval, so somebody always listens; shorter than a lease of Prefect's."""
LOOK_EVERY = 3.0
"""Seconds between two looks when no word comes: for messages whose time has come, and for words that were missed."""
LIMIT = 1000
"""Messages of one look. It goes on claiming what comes while calls are under way, so a slow door holds nobody up."""


@dataclass
class Delivered:
    """What one run did, summed over its looks. `messages`, `webhooks`: outcome → how many."""

    messages: Counter[str] = field(default_factory=Counter)
    passed_up: int = 0
    events: int = 0
    webhooks: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        parts = [f"{name} {n}" for name, n in sorted(self.messages.items()) if n]
        parts += [f"webhooks {name} {n}" for name, n in sorted(self.webhooks.items())]
        return ", ".join([*parts, f"passed up {self.passed_up}", f"events {self.events}"])


@flow(name="deliver", persist_result=False)
async def deliver(seconds: float = LASTS) -> State[Delivered]:
    """发送待发消息，提交后即刻送达；无人可达时逐级上报。
    Sends what is committed as soon as it is.

    Args:
        seconds: 本次运行时长（秒） · How long this run lasts, in seconds
    """
    if superseded(every=EVERY):
        return gave_way("A newer run is due; it does the work of this one too.")
    until, total = time.monotonic() + seconds, Delivered()
    with duban() as here, open_doors(here) as channels:
        both = keep_delivering(here, channels, until, total), keep_telling(here, until, total)
        ended = await asyncio.gather(*both, return_exceptions=True)  # neither stops the other
    for one in ended:
        if isinstance(one, BaseException):
            raise one
    return done(total, str(total))


@patient("deliver 发送", stage="delivery")
async def keep_delivering(here: Duban, channels: Channels, until: float, total: Delivered) -> None:
    """Look, then wait for a word, until the time is over or somebody asks to stop."""
    async with listening(here.url, WAKE, STOP) as bell:
        while True:
            more = await asyncio.to_thread(look, here, channels, total)
            left = until - time.monotonic()
            if left <= 0 or await _told_to_stop(bell, 0.0 if more else min(LOOK_EVERY, left)):
                return


@patient("webhooks 推送", stage="delivery")
async def keep_telling(here: Duban, until: float, total: Delivered) -> None:
    """Tell subscribers what happens, beside the messages: a slow receiver holds up no person."""
    async with listening(here.url, WAKE, STOP) as bell:
        while True:
            more = await asyncio.to_thread(tell_subscribers, here, total)
            left = until - time.monotonic()
            if left <= 0 or await _told_to_stop(bell, 0.0 if more else min(LOOK_EVERY, left)):
                return


def tell_subscribers(here: Duban, total: Delivered) -> bool:
    """One look at what happened. Whether there may be more right away."""
    keys, networks = account_keys(here.settings), here.settings.webhook_networks
    counts = tell(here.sessions, keys=keys, networks=networks, now=here.true_now)
    total.webhooks.update(counts.told)
    return counts.more


async def _told_to_stop(bell: Bell, seconds: float) -> bool:
    words = await bell.wait(seconds)
    return any(word.channel == STOP and word.text == this_machine() for word in words)


def look(here: Duban, channels: Channels, total: Delivered) -> bool:
    """One look at the outbox and at the events. Whether there may be more right away."""
    _free_the_stale(here)
    signs = Signs(link_keys(here.settings), here.settings.public_url)  # at each look: keys may have been changed
    templates = _wording(here)
    counts = send(here.sessions, now=here.now, channels=channels, limit=LIMIT, templates=templates, signs=signs)
    total.messages.update({name: value for name, value in asdict(counts).items() if isinstance(value, int)})
    gone_up = passed_up(here.sessions, now=here.now())
    total.passed_up += gone_up
    total.events += tell_prefect(here.sessions)
    return counts.claimed >= LIMIT or gone_up > 0


def _wording(here: Duban) -> Path | None:
    """The city's own words for messages, as they are in force now."""
    with here.sessions() as session:
        return templates_in_force(session, home=here.settings.home, otherwise=here.settings.templates)


def _free_the_stale(here: Duban) -> None:
    """Messages that a worker took into work and then died."""
    with here.sessions() as session:
        reap(session, now=clock.now(session))
        session.commit()


@contextmanager
def open_doors(here: Duban) -> Iterator[Channels]:
    """The channels that the installation has, closed at the end."""
    channels = open_channels(Gateways(**here.settings.gateways))
    try:
        yield channels
    finally:
        channels.close()
