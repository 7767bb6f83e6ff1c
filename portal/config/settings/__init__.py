"""Django settings, one file per concern. Every value from outside is named in docs/operations.md."""

from portal.config.settings.core import *
from portal.config.settings.counterparts import *
from portal.config.settings.database import *
from portal.config.settings.fhir import *
from portal.config.settings.logging import *
from portal.config.settings.pages import *
from portal.config.settings.security import *
from portal.config.settings.signin import *
from portal.config.settings.watch import *
from portal.config.settings.workers import *
