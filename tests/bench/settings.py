"""The portal's own settings, with the peers' addresses beside the portal's."""

from portal.config.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.urls"
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
