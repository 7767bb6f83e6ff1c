"""/metrics parses, holds the page's figures and alarms, and is for those who may read it."""

import pytest
from django.db import OperationalError
from django.test import Client, RequestFactory
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from letters.commands import fallback, reconciliation
from portal.counterparts.probe import CounterpartHealth
from portal.kernel import clock, periodic
from portal.outbox.models import Errand
from portal.site import alarms, figures, metrics, request_metrics
from portal.site.figures import Figures, expected_jobs
from tests.letters import making
from tests.operations import sample, test_alarms

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


@pytest.fixture(autouse=True)
def _nothing_counted_before() -> None:
    """Other tests of the same process may have asked for every address in every way; reading that takes a second."""
    request_metrics._seconds.clear()


def parsed(text: str) -> Samples:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def scrape(client: Client) -> Samples:
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain")
    return parsed(answer.content.decode())


def key(name: str, **labels: str) -> tuple[str, frozenset[tuple[str, str]]]:
    return name, frozenset(labels.items())


@pytest.mark.django_db
def test_everything_the_page_knows_is_there(client: Client, health: list[CounterpartHealth]) -> None:
    letter = making.decided()
    limit = making.posting_of(letter).due_at
    health[1] = CounterpartHealth("sms", "SMS", False, "Svarer ikke", 2000)
    periodic.run("letters.fallback", expected_jobs()[0].every, lambda: 1)
    Errand.objects.filter(kind="letters.render").update(state="given_up")
    with clock.stopped_at(limit):
        fallback.sweep()
    with clock.stopped_at(limit + figures.JOB_GRACE):
        reconciliation.reconcile(start=letter.received_at, end=clock.now(), theirs=[])
        found = scrape(client)
    assert found[key("portal_letters", state="due")] == 1
    assert found[key("portal_letters_oldest_age_seconds", state="due")] == 30
    assert found[key("portal_letters_last_day", event="received")] == 0
    assert found[key("portal_letters_notices_last_day", channel="sms", outcome="sent")] == 0
    assert found[key("portal_errands", kind="letters.render", state="given_up")] == 1
    assert found[key("portal_errands", kind="letters.prepare", state="due")] == 1
    assert found[key("portal_job_last_success_timestamp_seconds", job="letters.fallback")] > 1.7e9
    assert found[key("portal_job_last_success_timestamp_seconds", job="letters.routes")] == 0
    assert found[key("portal_job_interval_seconds", job="letters.fallback")] > 0
    assert found[key("portal_counterpart_up", counterpart="sms")] == 0
    assert found[key("portal_counterpart_up", counterpart="print_provider")] == 1
    assert found[key("portal_letters_reconciliation_differences", kind="missing")] == 0
    assert found[key("portal_letters_by_type", type="innkalling", place="on_screen")] == 1
    assert found[key("portal_figures_readable")] == 1
    assert found[key("portal_alarm", alarm="counterpart_down", severity="warning")] == 1
    assert found[key("portal_alarm", alarm="fallback_late", severity="critical")] == 0


@pytest.mark.parametrize("name", [rule.name for rule in alarms.RULES])
def test_each_alarm_rings_in_the_text_too(name: str, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "collect", lambda: test_alarms.WRONG[name])
    found = scrape(client)
    told = {dict(labels)["alarm"]: value for (metric, labels), value in found.items() if metric == "portal_alarm"}
    assert [alarm for alarm, value in told.items() if value] == [name]
    assert len(told) == len(alarms.RULES)


def test_without_a_database_the_text_says_so(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> Figures:
        raise OperationalError("connection refused")

    monkeypatch.setattr(figures, "collect", gone)
    found = scrape(client)
    assert found[key("portal_figures_readable")] == 0
    assert not any(name == "portal_alarm" for name, _ in found)


def test_requests_are_counted_by_route_and_never_by_address(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "collect", sample.well)
    client.get("/livez")
    client.get("/hemmelig-adresse/12345678901/")
    client.generic("BREW", "/livez")
    text = client.get("/metrics").content.decode()
    found = {
        (labels["route"], labels["method"], labels["status"])
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == "portal_request_seconds_count" and (labels := sample.labels)
    }
    assert {("livez", "GET", "2xx"), ("none", "GET", "4xx"), ("livez", "other", "4xx")} <= found
    assert "hemmelig-adresse" not in text
    assert "12345678901" not in text


@pytest.mark.parametrize(
    ("headers", "address", "allowed"),
    [
        ({}, "127.0.0.1", True),
        ({}, "::1", True),
        ({}, "10.1.2.3", False),
        ({}, "", False),
        ({"X-Forwarded-For": "127.0.0.1"}, "127.0.0.1", False),
        ({"X-Forwarded-Proto": "https"}, "127.0.0.1", False),
        ({"Authorization": "Bearer riktig"}, "10.1.2.3", True),
        ({"Authorization": "Bearer feil"}, "10.1.2.3", False),
        ({"Authorization": "Bearer "}, "10.1.2.3", False),
        ({"Authorization": "Bearer riktig", "X-Forwarded-For": "8.8.8.8"}, "127.0.0.1", True),
    ],
)
def test_who_may_read_in_production(
    headers: dict[str, str], address: str, settings: Settings, *, allowed: bool
) -> None:
    settings.PORTAL_ENV, settings.METRICS_TOKEN = "production", "riktig"
    request = RequestFactory().get("/metrics", headers=headers, REMOTE_ADDR=address)
    assert metrics._may_read(request) is allowed


def test_an_empty_token_opens_nothing(settings: Settings, client: Client) -> None:
    settings.PORTAL_ENV, settings.METRICS_TOKEN = "production", ""
    answer = client.get("/metrics", headers={"Authorization": "Bearer "}, REMOTE_ADDR="10.1.2.3")
    assert answer.status_code == 404
