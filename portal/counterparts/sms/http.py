"""The SMS provider over HTTP."""

from portal.counterparts.configured import client_for
from portal.counterparts.messaging import MessageProvider
from portal.counterparts.messaging_http import HttpMessageProvider


def connect() -> MessageProvider:
    """The SMS provider the settings point at."""
    return HttpMessageProvider(client_for("SMS_URL"))
