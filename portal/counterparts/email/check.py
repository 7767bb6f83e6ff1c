"""Whether the e-mail provider answers and knows us; shown on the operators' page."""

from django.utils.translation import gettext as _

from portal.counterparts.probe import CounterpartHealth, probe

NAME = "email"


def check() -> CounterpartHealth:
    """Ask it now."""
    return probe(name=NAME, title=_("E-postleverandøren"), address_setting="EMAIL_URL")
