"""Whether the SMS provider answers and knows us; shown on the operators' page."""

from django.utils.translation import gettext as _

from portal.counterparts.probe import CounterpartHealth, probe

NAME = "sms"


def check() -> CounterpartHealth:
    """Ask it now."""
    return probe(name=NAME, title=_("SMS-leverandøren"), address_setting="SMS_URL")
