"""The FHIR door and its token endpoint: limits, lifetimes, and what Django REST Framework may do here."""

from datetime import timedelta

from portal.config.env import STAGE, env

FHIR_MAX_BYTES = env.int("FHIR_MAX_BYTES", default=25 * 1024 * 1024)
FHIR_MAX_DEPTH = 40
FHIR_MAX_NODES = 20_000
FHIR_REQUESTS_PER_MINUTE = env.int("FHIR_REQUESTS_PER_MINUTE", default=6000)

OAUTH_TOKENS_PER_MINUTE = env.int("OAUTH_TOKENS_PER_MINUTE", default=300)
OAUTH_TOKEN_LIFETIME = timedelta(minutes=5)
OAUTH_ASSERTION_LIFETIME = timedelta(minutes=5)
OAUTH_CLOCK_SKEW = timedelta(seconds=30)
OAUTH_KEYS_REFETCHED_AFTER = timedelta(seconds=60)
OAUTH_KEYS_OVER_PLAIN_HTTP = STAGE != "production"

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["portal.fhir.renderers.FhirJsonRenderer", "portal.fhir.renderers.PlainJsonRenderer"],
    "DEFAULT_PARSER_CLASSES": ["portal.fhir.parsers.FhirJsonParser", "portal.fhir.parsers.PlainJsonParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["portal.fhir.authentication.BearerToken"],
    "DEFAULT_PERMISSION_CLASSES": ["portal.fhir.permissions.HasScope"],
    "DEFAULT_THROTTLE_CLASSES": ["portal.fhir.limits.RequestsPerMinute"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "portal.fhir.negotiation.FhirNegotiation",
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "portal.fhir.exceptions.answer_with_outcome",
    "UNAUTHENTICATED_USER": None,
    "UNAUTHENTICATED_TOKEN": None,
    "URL_FORMAT_OVERRIDE": None,
}
