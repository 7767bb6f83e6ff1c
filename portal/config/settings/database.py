"""PostgreSQL through a pool, and only PostgreSQL."""

from portal.config.env import STAGE, env

DATABASES = {"default": env.db_url("DATABASE_URL")}
DATABASES["default"] |= {
    "ENGINE": "portal.kernel.postgresql",
    "ATOMIC_REQUESTS": True,
    "CONN_MAX_AGE": 0,
    "CONN_HEALTH_CHECKS": True,
    "OPTIONS": {
        "pool": {"min_size": 1, "max_size": env.int("DATABASE_POOL", default=6), "timeout": 10, "max_lifetime": 1800},
        "connect_timeout": 5,
        "options": "-c lock_timeout=10s -c idle_in_transaction_session_timeout=60s",
    },
}
if STAGE == "test":
    DATABASES["default"]["OPTIONS"].pop("pool")
elif DATABASE_ROLE := env.str("DATABASE_ROLE", default="portal_app"):
    # Whatever connects is bound by row-level security, a shell too; only migrations run as the tables' owner.
    DATABASES["default"]["OPTIONS"]["options"] += f" -c role={DATABASE_ROLE}"
