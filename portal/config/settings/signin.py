"""Sign-in: our own providers for ID-porten and HelseID inside django-allauth, and the limits of a session."""

from datetime import timedelta
from urllib.parse import urlsplit

from portal.config.env import STAGE, env
from portal.config.settings.core import INSTALLED_APPS as _APPS
from portal.config.settings.counterparts import IDENTITY_ISSUER
from portal.config.settings.security import CONTENT_SECURITY_POLICY as _POLICY

INSTALLED_APPS = [*_APPS, "portal.people.helseid"]
AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "/logg-inn/"
LOGIN_REDIRECT_URL = "/"

# No password anywhere, no account without ID-porten, no token kept, no e-mail address asked for.
SOCIALACCOUNT_ONLY = True
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_QUERY_EMAIL = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_ADAPTER = "portal.people.idporten.adapter.SocialAdapter"
ACCOUNT_ADAPTER = "portal.people.idporten.adapter.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_RATE_LIMITS = False

# The key pair we prove ourselves with to ID-porten and HelseID (private_key_jwt), PEM, RSA. Outside production an empty
# value means a key derived from SECRET_KEY, so that a demo needs no key file; in production start-up refuses it.
IDPORTEN_CLIENT_ID = env.str("IDPORTEN_CLIENT_ID", default="dis-portal")
IDPORTEN_CLIENT_KEY = env.str("IDPORTEN_CLIENT_KEY", multiline=True, default="")
IDPORTEN_ASSURANCE = "idporten-loa-high"
IDPORTEN_MAX_SIGN_IN_AGE = timedelta(minutes=120)

# HelseID, for staff. The stand-in plays it under ID-porten's own address.
_HELSEID = f"{IDENTITY_ISSUER}/helseid"
HELSEID_ISSUER = env.str("HELSEID_ISSUER") if STAGE == "production" else env.str("HELSEID_ISSUER", default=_HELSEID)
HELSEID_CLIENT_ID = env.str("HELSEID_CLIENT_ID", default="dis-portal-ansatt")
HELSEID_MAX_SIGN_IN_AGE = timedelta(minutes=120)

# Knocks on the doors of sign-in from one address in a minute, and how many proxies of our own stand in front of us
# (the address is then read from X-Forwarded-For, counted from the end, so that nobody can choose their own).
SIGN_IN_REQUESTS_PER_MINUTE = env.int("SIGN_IN_REQUESTS_PER_MINUTE", default=600)
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=1 if STAGE == "production" else 0)

# Identity numbers: "id:base64key,…" (32 bytes each, the first seals, all open), and the key of the blind index.
PORTAL_SEALING_KEYS = env.str("PORTAL_SEALING_KEYS")
PORTAL_INDEX_KEY = env.str("PORTAL_INDEX_KEY")

# Real time. ID-porten allows at most 30 minutes without activity and ends its own session after 120.
SESSION_IDLE_LIMIT = timedelta(minutes=30)
SESSION_ABSOLUTE_LIMIT = timedelta(minutes=120)
SESSION_WARNING = timedelta(minutes=5)
SESSION_ENGINE = "portal.people.browser_sessions"
SESSION_COOKIE_AGE = int(SESSION_ABSOLUTE_LIMIT.total_seconds())
SESSION_EXPIRE_AT_BROWSER_CLOSE = True


def _origins(issuer: str) -> list[str]:
    """Where a provider's pages live: at its issuer, and ID-porten's at `login.` before it."""
    parts = urlsplit(issuer)
    hosts = [parts.netloc, f"login.{parts.netloc}"] if parts.scheme == "https" else [parts.netloc]
    return [f"{parts.scheme}://{host}" for host in hosts]


# Signing out posts a form here that ends at the provider, and browsers hold the whole chain against form-action.
# The same places may show our front-channel sign-out in a frame.
IDENTITY_ORIGINS = _origins(IDENTITY_ISSUER)
HELSEID_ORIGINS = _origins(HELSEID_ISSUER)[:1]
_FORMS_END_AT = [*_POLICY["DIRECTIVES"]["form-action"], *dict.fromkeys([*IDENTITY_ORIGINS, *HELSEID_ORIGINS])]
CONTENT_SECURITY_POLICY = _POLICY | {"DIRECTIVES": _POLICY["DIRECTIVES"] | {"form-action": _FORMS_END_AT}}
