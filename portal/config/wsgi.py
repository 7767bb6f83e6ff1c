"""The web server's way in."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from portal.config.celery import app
from portal.counterparts.checks import refuse_standins
from portal.ui.charsets import readable

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.config.settings")
application = readable(get_wsgi_application())
# The web process rings the workers' doorbell through this application, and waits for no answer long.
app.conf.broker_transport_options = {**app.conf.broker_transport_options, **settings.WEB_RING_PATIENCE}
refuse_standins()
