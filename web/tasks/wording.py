"""The words of columns of the table, in the reader's language."""

from collections.abc import Mapping

from runtime.i18n import gettext as _


def columns() -> Mapping[str, str]:
    """What may change of a task or its point."""
    return {
        "unit_code": _("Unit"),
        "person_code": _("Person"),
        "campaign": _("Campaign"),
        "name": _("Name"),
        "area_code": _("Area"),
        "address": _("Address"),
        "lng": _("Longitude"),
        "lat": _("Latitude"),
        "point": _("Name"),
        "place": _("Place"),
        "person": _("Person"),
    }
