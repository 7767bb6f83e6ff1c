"""Whether the record system answers and knows us; shown on the operators' page."""

from django.utils.translation import gettext as _

from portal.counterparts.probe import CounterpartHealth, probe

NAME = "health_record"


def check() -> CounterpartHealth:
    """Ask it now."""
    return probe(name=NAME, title=_("Journalsystemet"), address_setting="HEALTH_RECORD_URL")
