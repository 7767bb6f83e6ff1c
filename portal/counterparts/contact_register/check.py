"""Whether the contact register answers and knows us; shown on the operators' page."""

from django.utils.translation import gettext as _

from portal.counterparts.probe import CounterpartHealth, probe

NAME = "contact_register"


def check() -> CounterpartHealth:
    """Ask it now."""
    return probe(name=NAME, title=_("Kontakt- og reservasjonsregisteret"), address_setting="CONTACT_REGISTER_URL")
