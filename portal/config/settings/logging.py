"""Log lines as JSON on standard error, scrubbed of anything that looks like an identity number."""

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"scrub": {"()": "portal.kernel.logs.Scrub"}},
    "formatters": {"json": {"()": "portal.kernel.logs.JsonLines"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "filters": ["scrub"], "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "httpx": {"level": "WARNING"},
        "httpcore": {"level": "WARNING"},
        "weasyprint": {"level": "ERROR"},
        "fontTools": {"level": "WARNING"},
        "pdfminer": {"level": "ERROR"},
        "django.request": {"level": "ERROR"},
        "django.template": {"level": "INFO"},  # at DEBUG it writes whole pages' contexts, names and all
    },
}
