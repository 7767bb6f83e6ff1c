"""Where the counterparts are, and the secret shared with the print, SMS and e-mail providers."""

from portal.config.env import STAGE, env

_STANDINS = env.str("STANDINS_URL", default="http://localhost:8001") if STAGE != "production" else ""


def _address(name: str, path: str) -> str:
    address: str = env.str(name, default=f"{_STANDINS}/{path}") if _STANDINS else env.str(name)
    return address


STANDINS_URL = _STANDINS
IDENTITY_ISSUER = _address("IDENTITY_ISSUER", "identity")
CONTACT_REGISTER_URL = _address("CONTACT_REGISTER_URL", "contact-register")
POPULATION_REGISTER_URL = _address("POPULATION_REGISTER_URL", "population-register")
PRINT_PROVIDER_URL = _address("PRINT_PROVIDER_URL", "print")
SMS_URL = _address("SMS_URL", "sms")
EMAIL_URL = _address("EMAIL_URL", "email")
HEALTH_RECORD_URL = _address("HEALTH_RECORD_URL", "record-system")
COUNTERPART_SECRET = env.str("COUNTERPART_SECRET")
