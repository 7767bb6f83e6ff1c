"""Whether the population register answers and knows us; shown on the operators' page."""

from django.utils.translation import gettext as _

from portal.counterparts.probe import CounterpartHealth, probe

NAME = "population_register"


def check() -> CounterpartHealth:
    """Ask it now."""
    return probe(name=NAME, title=_("Folkeregisteret"), address_setting="POPULATION_REGISTER_URL")
