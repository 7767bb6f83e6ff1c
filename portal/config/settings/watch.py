"""What operators are shown, and who may read the machine-readable figures."""

from portal.config.env import env
from portal.config.settings.core import MIDDLEWARE as _MIDDLEWARE
from portal.config.settings.security import SECURE_REDIRECT_EXEMPT as _EXEMPT

FLOWER_URL = env.str("FLOWER_URL", default="")

# /metrics answers this machine itself, and whoever brings this token; without a token nobody else.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
SECURE_REDIRECT_EXEMPT = [*_EXEMPT, r"^metrics$"]
MIDDLEWARE = ["portal.site.request_metrics.RequestMetrics", *_MIDDLEWARE]
