"""The stand-ins as a WSGI application; one worker process, several threads."""

import os

from django.core.wsgi import get_wsgi_application

from portal.counterparts.standins import courier

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.counterparts.standins.settings")

application = get_wsgi_application()
courier.start()
