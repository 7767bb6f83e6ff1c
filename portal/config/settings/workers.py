"""Celery: PostgreSQL is the queue, Redis is only the doorbell."""

from datetime import timedelta

from portal.config.env import STAGE, env

REDIS_URL = env.str("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_timeout": 0.3, "socket_connect_timeout": 0.3},
    }
}

CELERY_BROKER_URL = REDIS_URL
CELERY_TIMEZONE = "UTC"
CELERY_ENABLE_UTC = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT = 200
CELERY_TASK_TIME_LIMIT = 240
CELERY_WORKER_SEND_TASK_EVENTS = True
CELERY_TASK_SEND_SENT_EVENT = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_timeout": 2,
    "socket_connect_timeout": 2,
    "retry_on_timeout": False,
}
# A web process only rings, and no page may wait for a Redis that hangs; redis-py tries four times before it gives up.
WEB_RING_PATIENCE = {"socket_timeout": 0.3, "socket_connect_timeout": 0.3}
CELERY_TASK_DEFAULT_QUEUE = "periodic"
WORKER_QUEUES = ("render", "letters", "notices", "post", "receipts", "hospital", "periodic")

# How often the sweeps look. The demo looks often, so that a moved clock shows its effect at once.
SWEEP_EVERY = timedelta(seconds=env.int("SWEEP_SECONDS", default=2 if STAGE == "demo" else 60))
DOORBELL_EVERY = timedelta(seconds=env.float("DOORBELL_SECONDS", default=1 if STAGE == "demo" else 5))
RECONCILE_EVERY = timedelta(seconds=env.int("RECONCILE_SECONDS", default=30 if STAGE == "demo" else 3600))
# What waited this long because everything stood still goes out only when a person has said that it still should.
LETTER_TOO_LATE = timedelta(days=14)
RECONCILE_DAYS = env.int("RECONCILE_DAYS", default=8)
NOTICE_SENDER = env.str("NOTICE_SENDER", default="Min helse")
PRINT_GEOMETRY = env.str("PRINT_GEOMETRY", default="c5-window")
