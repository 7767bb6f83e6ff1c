"""The e-mail provider over HTTP."""

from portal.counterparts.configured import client_for
from portal.counterparts.messaging import MessageProvider
from portal.counterparts.messaging_http import HttpMessageProvider


def connect() -> MessageProvider:
    """The e-mail provider the settings point at."""
    return HttpMessageProvider(client_for("EMAIL_URL"))
