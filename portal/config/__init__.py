"""Settings, addresses and the Celery application. Nothing imports it."""
