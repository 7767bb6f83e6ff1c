"""Whether the print provider answers and knows us; shown on the operators' page."""

from django.utils.translation import gettext as _

from portal.counterparts.probe import CounterpartHealth, probe

NAME = "print_provider"


def check() -> CounterpartHealth:
    """Ask it now."""
    return probe(name=NAME, title=_("Trykkeriet"), address_setting="PRINT_PROVIDER_URL")
