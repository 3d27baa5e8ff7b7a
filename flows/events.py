"""Committed events as Prefect events, so that people can hang their own automations on them.

`duban.issue.<action>` on the resource `duban.issue.<number>`. A hint: Prefect may lose one; the record does not.
"""

from uuid import NAMESPACE_URL, uuid5

from prefect.events import emit_event

from services import relay
from services.relay import Happened
from services.sweeps import Sessions


def tell_prefect(sessions: Sessions) -> int:
    """Hand on what has happened since the last time; returns how many events."""
    with sessions() as session:
        events = relay.next_events(session)
        for event in events:
            _emit(event)
        session.commit()
    return len(events)


def _emit(event: Happened) -> None:
    """Its id is made from the event, so that telling it twice tells it once. The city's time stands in the payload:
    a demo city's may lie ahead of Prefect's."""
    name = f"duban.issue.{event.number}"
    emit_event(
        event=f"duban.issue.{event.action}",
        resource={
            "prefect.resource.id": name,
            "prefect.resource.name": event.number,
            "duban.severity": event.severity,
            "duban.area": event.area_code,
            "duban.state": event.to_state,
        },
        related=[
            {"prefect.resource.id": f"duban.{kind}.{code}", "prefect.resource.role": kind}
            for kind, code in (("unit", event.lead_unit), ("area", event.area_code), ("point", event.point_code))
            if code
        ],
        payload=dict(event.facts()),
        id=uuid5(NAMESPACE_URL, f"{name}/{event.seq}"),
    )
