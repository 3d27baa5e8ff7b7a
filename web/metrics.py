"""`/metrics`: numbers for Prometheus. For this machine, or for whoever shows the token DUBAN_METRICS_TOKEN."""

import hmac
from collections.abc import Iterator, Mapping, Sequence
from ipaddress import ip_address

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from models.outbox import BUCKETS
from runtime import clock
from runtime.settings import Settings
from services.metrics import Metrics, measure
from services.outbox_counts import Spread
from web.deps import Db, Given, Now

router = APIRouter()
HANDED_ON = ("forwarded", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-real-ip", "via")
"""Headers of a proxy: behind one, every reader seems to be on this machine."""
HERE = frozenset({"localhost", "127.0.0.1", "::1"})
"""By which names this machine calls itself: a proxy asks by the name that the world knows."""


@router.get("/metrics")
def metrics(request: Request, session: Db, now: Now, settings: Given) -> Response:
    """Prometheus' text format. 403 for whoever may not read it."""
    if not _may_read(request, settings):
        raise HTTPException(403)
    registry = CollectorRegistry()
    registry.register(_Found(measure(session, now=now, at=clock.true_now(session))))
    text = generate_latest(registry)
    return Response(text, media_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})


def _may_read(request: Request, settings: Settings) -> bool:
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if settings.metrics_token is not None and scheme.lower() == "bearer":
        token = settings.metrics_token.get_secret_value()
        return hmac.compare_digest(given.strip().encode(), token.encode())
    return _is_here(request)


def _is_here(request: Request) -> bool:
    """Whether somebody on this machine asks, and no proxy for somebody else."""
    if request.client is None or any(name in request.headers for name in HANDED_ON):
        return False
    if request.url.hostname not in HERE:
        return False
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False


class _Found(Collector):
    """What was measured, as Prometheus wants it."""

    def __init__(self, found: Metrics) -> None:
        self._found = found

    def collect(self) -> Iterator[Metric]:
        """Messages, then issues, then what runs."""
        yield from _messages(self._found)
        yield from _issues(self._found)
        yield from _running(self._found)


def _messages(found: Metrics) -> Iterator[Metric]:
    outbox = found.outbox
    messages = GaugeMetricFamily("duban_messages", "Messages by channel wanted first.", labels=["channel", "state"])
    for (channel, state), n in outbox.messages.items():
        messages.add_metric([channel, state], n)
    tries = CounterMetricFamily("duban_attempts", "Tries by provider.", labels=["channel", "outcome", "fault"])
    for (channel, outcome, fault), n in outbox.tries.items():
        tries.add_metric([channel, outcome, fault], n)
    yield from (messages, tries)
    oldest = "How long the oldest message waits that is due."
    yield GaugeMetricFamily("duban_oldest_waiting_seconds", oldest, value=found.oldest.total_seconds())
    yield _histogram("duban_delivery_seconds", "From when a message was due until it was sent.", outbox.deliveries)
    yield _histogram("duban_attempt_seconds", "How long a provider took to answer.", outbox.calls)


def _histogram(name: str, text: str, spreads: Mapping[str, Spread]) -> Metric:
    made = HistogramMetricFamily(name, text, labels=["channel"])
    for channel, spread in spreads.items():
        made.add_metric([channel], buckets=_added_up(spread.places), sum_value=spread.seconds)
    return made


def _added_up(places: Sequence[int]) -> list[tuple[str, float]]:
    """Each place holds all that was as fast or faster."""
    ends = [*(str(float(end)) for end in BUCKETS), "+Inf"]
    return [(end, float(sum(places[: nth + 1]))) for nth, end in enumerate(ends)]


def _issues(found: Metrics) -> Iterator[Metric]:
    states = GaugeMetricFamily("duban_issues", "Issues by state.", labels=["state"])
    for state, n in found.by_state.items():
        states.add_metric([state.value], n)
    steps = GaugeMetricFamily("duban_issues_by_step", "Open issues by the highest step taken.", labels=["step"])
    for step, n in found.by_step.items():
        steps.add_metric([f"E{step}" if step >= 0 else "none"], n)
    yield from (states, steps)
    yield GaugeMetricFamily("duban_issues_open", "Open issues.", value=sum(found.by_step.values()))
    yield GaugeMetricFamily("duban_issues_overdue", "Past the unit's deadline.", value=found.overdue)
    yield GaugeMetricFamily("duban_issues_late", "Late to be assigned, verified or closed.", value=found.late)
    yield GaugeMetricFamily("duban_issues_set_aside", "Issues that could not be handled.", value=found.set_aside)


def _running(found: Metrics) -> Iterator[Metric]:
    if found.round_age is not None:
        age = "Since the last round over all stages ended."
        yield GaugeMetricFamily("duban_round_age_seconds", age, value=found.round_age.total_seconds())
    if found.round_took is not None:
        took = "How long the last round took."
        yield GaugeMetricFamily("duban_round_duration_seconds", took, value=found.round_took.total_seconds())
    alarms = GaugeMetricFamily("duban_alarm", "1 for each alarm that was told and is not over.", labels=["cause"])
    for cause in sorted(found.alarms):
        alarms.add_metric([cause], 1)
    yield alarms
