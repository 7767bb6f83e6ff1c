"""How every counterpart is right now, for the operators' page and `/readyz`."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from portal.counterparts.contact_register.check import check as check_contact_register
from portal.counterparts.email.check import check as check_email
from portal.counterparts.health_record.check import check as check_health_record
from portal.counterparts.population_register.check import check as check_population_register
from portal.counterparts.print_provider.check import check as check_print_provider
from portal.counterparts.probe import CounterpartHealth, probe
from portal.counterparts.sms.check import check as check_sms


def check_identity() -> CounterpartHealth:
    """Ask ID-porten for its public description; it is reached without our secret."""
    return probe(
        name="identity",
        title=_("ID-porten"),
        address_setting="IDENTITY_ISSUER",
        path=".well-known/openid-configuration",
        signed=False,
    )


def check_helseid() -> CounterpartHealth:
    """Ask HelseID for its public description, in the same way."""
    return probe(
        name="helseid",
        title=_("HelseID"),
        address_setting="HELSEID_ISSUER",
        path=".well-known/openid-configuration",
        signed=False,
    )


CHECKS: tuple[Callable[[], CounterpartHealth], ...] = (
    check_identity,
    check_helseid,
    check_contact_register,
    check_population_register,
    check_print_provider,
    check_sms,
    check_email,
    check_health_record,
)


def check_all() -> list[CounterpartHealth]:
    """Ask all of them at once, in the reader's language; takes as long as the slowest, two seconds or so at most."""
    language = get_language()

    def ask(check: Callable[[], CounterpartHealth]) -> CounterpartHealth:
        with override(language):
            return check()

    with ThreadPoolExecutor(max_workers=len(CHECKS)) as pool:
        return list(pool.map(ask, CHECKS))
