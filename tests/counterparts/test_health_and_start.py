"""What operators see of the counterparts, and the start that is refused."""

import time

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from portal.counterparts import checks, health
from portal.counterparts.contact_register.http import connect as connect_contact_register
from portal.counterparts.email.http import connect as connect_email
from portal.counterparts.health_record.http import connect as connect_health_record
from portal.counterparts.messaging import MessageStatus
from portal.counterparts.population_register.http import connect as connect_population_register
from portal.counterparts.print_provider.http import connect as connect_printer
from portal.counterparts.sms.http import connect as connect_sms
from tests.counterparts.running import SECRET, World

PATHS = {
    "CONTACT_REGISTER_URL": "contact-register",
    "POPULATION_REGISTER_URL": "population-register",
    "PRINT_PROVIDER_URL": "print",
    "SMS_URL": "sms",
    "EMAIL_URL": "email",
    "HEALTH_RECORD_URL": "record-system",
    "IDENTITY_ISSUER": "identity",
    "HELSEID_ISSUER": "identity/helseid",
}


@pytest.fixture
def pointed(world: World, settings: Settings) -> Settings:
    """Settings that point at the running stand-ins."""
    for name, path in PATHS.items():
        setattr(settings, name, f"{world.url}/{path}")
    settings.COUNTERPART_SECRET = SECRET
    return settings


def test_the_settings_lead_to_every_counterpart(world: World, pointed: Settings) -> None:
    pid = world.person("kari-nordli")["pid"]
    assert connect_contact_register().look_up(pid).registered
    assert connect_population_register().look_up(pid) is not None
    assert connect_printer().find("any") is None
    assert connect_sms().status("any") is MessageStatus.UNKNOWN_KEY
    assert connect_email().status("any") is MessageStatus.UNKNOWN_KEY
    assert connect_health_record().deliver("settings", {"resourceType": "Basic"}).record_id


def test_all_are_well(pointed: Settings) -> None:
    assert [(one.name, one.detail) for one in health.check_all() if not one.ok] == []


@pytest.mark.parametrize("mode", ["down", "error", "garbage", "hang"])
def test_the_one_that_fails_is_named_in_time_and_its_lever_not_used_up(
    world: World, pointed: Settings, mode: str
) -> None:
    world.behave("print", mode, times=1, seconds=4)
    started = time.monotonic()
    for _ in range(2):
        ill = [one for one in health.check_all() if not one.ok]
        assert [one.name for one in ill] == ["print_provider"]
        assert ill[0].detail
    assert time.monotonic() - started < 7


def test_wrong_credentials_are_seen(pointed: Settings) -> None:
    pointed.COUNTERPART_SECRET = "another " + "x" * 40
    ill = {one.name: one.detail for one in health.check_all() if not one.ok}
    assert not {"identity", "helseid"} & set(ill)
    assert set(ill.values()) == {"Godtar ikke hemmeligheten vår"}


def test_a_standin_in_production_is_not_well(pointed: Settings) -> None:
    pointed.PORTAL_ENV = "production"
    details = {one.detail for one in health.check_all() if one.name not in ("identity", "helseid")}
    assert details == {"Dette er en stedfortreder, ikke den ekte parten"}


def test_demo_and_test_may_use_standins(pointed: Settings) -> None:
    checks.refuse_standins()


@pytest.mark.parametrize(
    "address",
    [
        "",
        "http://print.example.no",
        "https://localhost:8001/print",
        "https://127.0.0.9/print",
        "https://[::1]/print",
        "https://standins.example.no/print",
    ],
)
def test_production_refuses_an_address_that_cannot_be_real(settings: Settings, address: str) -> None:
    for name in PATHS:
        setattr(settings, name, "https://register.example.no/x")
    settings.PORTAL_ENV = "production"
    settings.COUNTERPART_SECRET = "s" * 40
    checks.refuse_standins()
    settings.PRINT_PROVIDER_URL = address
    with pytest.raises(ImproperlyConfigured, match="PRINT_PROVIDER_URL"):
        checks.refuse_standins()


def test_production_refuses_a_short_secret(settings: Settings) -> None:
    for name in PATHS:
        setattr(settings, name, "https://register.example.no/x")
    settings.PORTAL_ENV = "production"
    settings.COUNTERPART_SECRET = "short"
    assert [fault.id for fault in checks.real_counterparts_only()] == ["counterparts.E002"]
