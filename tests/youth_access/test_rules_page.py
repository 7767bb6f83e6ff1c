"""The page of the rules: whole, in words, for staff only, on a phone and a screen, in light and dark."""

import re
from datetime import UTC, date, datetime
from http import HTTPStatus
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser
from pytest_django import DjangoAssertNumQueries
from pytest_django.live_server_helper import LiveServer

from portal.people.models import Role
from tests.letters import making
from tests.people.signed_in import signed_in
from tests.ui import browser
from tests.ui.browser import new_context, put_away
from youth_access import law, rules_page, rules_words
from youth_access.ages import OSLO
from youth_access.conditions import CONDITIONS
from youth_access.facts import Kind, Service
from youth_access.table import parse, versions

ADDRESS = "/behandler/tilgang/regler/"
TABLE = versions()[-1]


def desk(role: Role = Role.CLERK) -> Client:
    return signed_in(Client(), making.person(name="Anne Moen"), [role])


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role)
def test_every_member_of_staff_reads_every_rule(role: Role) -> None:
    answer = desk(role).get(ADDRESS)
    words = answer.content.decode()
    assert answer.status_code == HTTPStatus.OK
    assert "no-store" in answer["Cache-Control"]
    assert re.findall(r'<li class="rule[^"]*" id="([VG]\d\w+)"', words) == [row.id for row in TABLE.rows]
    assert TABLE.version in words
    assert TABLE.digest in words
    assert all(switch.question in words for switch in TABLE.switches.values())


@pytest.mark.django_db
def test_citizens_find_nothing_and_the_signed_out_are_asked_to_sign_in() -> None:
    citizen = signed_in(Client(), making.person())
    assert citizen.get(ADDRESS).status_code == HTTPStatus.NOT_FOUND
    assert Client().get(ADDRESS).status_code == HTTPStatus.FOUND
    assert desk().post(ADDRESS).status_code == HTTPStatus.METHOD_NOT_ALLOWED


@pytest.mark.django_db
def test_an_old_version_is_shown_by_its_name_and_an_unknown_one_is_missing() -> None:
    clerk = desk()
    assert clerk.get(ADDRESS, {"versjon": TABLE.version}).status_code == HTTPStatus.OK
    for unknown in ("", "2026-11-01", "2026-11-01:000000000000", "' OR 1=1 --"):
        assert clerk.get(ADDRESS, {"versjon": unknown}).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.django_db
def test_the_page_asks_the_database_only_who_is_looking(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    clerk = desk(Role.OPERATOR)
    clerk.get(ADDRESS)
    with django_assert_max_num_queries(15):
        clerk.get(ADDRESS)


def test_every_term_of_the_rules_has_words() -> None:
    assert set(rules_words.CONDITIONS) == set(CONDITIONS)
    assert set(rules_words.KINDS) == set(Kind)
    assert set(rules_words.SERVICES) == set(Service)
    for table in versions():
        assert {row.reason for row in table.rows} <= set(rules_words.REASONS)
        assert {word for row in table.rows for word in row.source.split()} <= set(rules_words.SOURCES)


def test_every_law_a_rule_names_is_kept_from_the_day_the_rules_began() -> None:
    for table in versions():
        known = law.on(table.valid_from.astimezone(OSLO).date())
        assert {row.law for row in table.rows if row.law} <= set(known)


def test_rows_are_told_in_words() -> None:
    shown = rules_page.page(TABLE, versions(), current=True)
    rules = {rule.id: rule for rule in (*shown.vetoes, *shown.grants)}
    youth = rules["V16"]
    assert (youth.who, youth.age, youth.what) == ("Forelder med foreldreansvar og verge", "12–15 år", "Alle tjenester")
    assert (youth.follows, youth.sources, youth.counts) == (
        "Ser ingenting",
        "Programmets planer og praksis i Norge",
        True,
    )
    assert rules["G01"].follows == "Ser, kan handle og får varsel"
    assert rules["G01"].what == "Alle tjenester, innsynslogg, innstillinger og fullmakter og samtykker"
    assert rules["G11"].age == "0–11 år og fra 16 år"
    assert rules["V21"].age == "12 år"
    assert rules["V01"].age == "Alle aldre"
    assert rules["G13"].follows == "Ser"
    assert not rules["G07b"].counts
    assert {question.state for question in shown.questions} == {"Lukket"}
    assert all(question.rows for question in shown.questions)


def test_an_answered_question_is_shown_as_opened() -> None:
    head = "id,effect,relations,ages,services,when,switch,see,act,notify,reason,source,law\n"
    row = "V1,veto,FO,12-15,all,always,closed q,no,no,none,not_available,I,pbrl-3-4\n"
    table = parse(datetime(2027, 1, 1, tzinfo=UTC), head + row, "name,closed,question\nq,no,Hva nå?\n")
    shown = rules_page.page(table, [table], current=False)
    assert [question.state for question in shown.questions] == ["Åpnet"]
    assert not shown.vetoes[0].counts
    assert [each.id for each in shown.laws] == ["pbrl-3-4"]


def test_a_renumbered_act_counts_from_its_own_day() -> None:
    lines = "id,valid_from,statute,section,text,link_text\n"
    laws = law.parse(f"{lines}b,2028-01-01,ny barnelov,§ 9-3,Ny tekst.,x\nb,2026-11-01,barnelova,§ 47,Tekst.,x\n")
    assert law.on(date(2027, 12, 31), laws)["b"].name == "barnelova § 47"
    assert law.on(date(2028, 1, 1), laws)["b"].name == "ny barnelov § 9-3"
    assert law.on(date(2020, 1, 1), laws) == {}


@pytest.mark.django_db(transaction=True)
def test_the_page_is_sound(chromium: Browser, live_server: LiveServer) -> None:
    client = desk()
    context = new_context(chromium)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    host = urlsplit(live_server.url).hostname or ""
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "domain": host, "path": "/"}])
    page = context.new_page()
    browser.watch(page)
    page.goto(live_server.url + reverse("access_rules:rules"))
    browser.assert_sound_in_every_look(page)
    page.get_by_role("link", name="Gjelder til spørsmålet er avklart").first.click()
    assert page.locator("li.rule:target h3").is_visible()
    put_away(context)
