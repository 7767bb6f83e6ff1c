"""The access log page by page: every row once, sieves and cursors, its cost, and the rules row by row."""

import re
from datetime import date, datetime, timedelta
from html import unescape

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.audit import commands
from portal.audit.models import AuditRow
from portal.kernel import clock
from portal.site import access_log_queries as queries
from portal.site import access_log_words as words
from portal.site.access_log_queries import Sieve
from tests.audit.items_in_memory import Letters
from tests.audit.log_readers import NOON, browser, clerk_look, opened, said, times_of
from tests.audit.written import write
from tests.youth_access import families
from tests.youth_access.families import oslo
from youth_access.eyes import eyes_for
from youth_access.facts import Service

pytestmark = pytest.mark.django_db


def test_reading_the_log_stands_in_the_log_when_asked_for() -> None:
    kari = families.person()
    client = browser(kari)
    assert "Ingen innsyn å vise" in client.get("/innsyn/").content.decode()
    assert "Ingen innsyn å vise" in client.get("/innsyn/").content.decode()
    assert AuditRow.objects.filter(action="log.read", person_id=kari.pk, basis="self", rule="G01").count() == 2
    assert times_of(said(client.get("/innsyn/?tjeneste=logg").content.decode()), "Du så på loggen over innsyn") == 2


def test_no_row_no_log(monkeypatch: pytest.MonkeyPatch) -> None:
    client = browser(families.person())
    client.raise_request_exception = False

    def full(values: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(commands, "_insert", full)
    assert client.get("/innsyn/").status_code == 500


def test_pages_of_twenty_hold_every_row_once(letters: Letters) -> None:
    kari, anne = families.person(), families.person("Anne Merkantil")
    item = letters.add(kari.pk)
    for number in range(47):
        with clock.stopped_at(NOON - timedelta(minutes=number // 30)):
            clerk_look(kari, anne, item, action=f"deed{number:02}")
    eyes = eyes_for(families.viewer(kari), kari.pk, NOON)
    seen: list[int] = []
    after, sizes = "", []
    while True:
        page = queries.page(eyes, Sieve(), after)
        seen += [row.pk for row in page.rows]
        sizes.append(len(page.rows))
        after = page.older
        if not after:
            break
    assert sizes == [20, 20, 7]
    expected = AuditRow.objects.filter(person_id=kari.pk).order_by("-at", "-id")
    assert seen == [row.pk for row in expected]


def test_the_page_turner_leads_on_and_back(letters: Letters) -> None:
    kari = families.person()
    item = letters.add(kari.pk)
    for number in range(25):
        with clock.stopped_at(NOON - timedelta(days=number)):
            write(about=kari.pk, item_id=item)
    client = browser(kari)
    first = client.get("/innsyn/").content.decode()
    older = unescape(re.findall(r'rel="next" href="([^"]+)"', first)[0])
    second = client.get(older).content.decode()
    assert times_of(said(first), "Du leste et brev") == 20
    assert times_of(said(second), "Du leste et brev") == 5
    assert 'rel="prev" href="/innsyn/"' in second
    assert 'rel="next"' not in second


@pytest.mark.parametrize("cursor", ["x", "%00", "AAAA", "MDAwMS0wMS0wMVQwMDowMDowMCsxNDowMHwx", "fDE", "é" * 50])
def test_a_cursor_that_is_none_gives_the_first_page(cursor: str) -> None:
    assert browser(families.person()).get(f"/innsyn/?etter={cursor}").status_code in (200, 400)


@pytest.mark.parametrize("sieve", ["aar=x", "aar=99999", "aar=0001", "tjeneste=annet", "aar=2026&tjeneste=%22"])
def test_a_sieve_that_is_none_is_left_out(sieve: str) -> None:
    assert browser(families.person()).get(f"/innsyn/?{sieve}").status_code == 200


def test_one_may_choose_a_year_by_oslos_calendar_and_a_service(letters: Letters) -> None:
    kari, anne = families.person(), families.person("Anne Merkantil")
    item = letters.add(kari.pk)
    with clock.stopped_at(datetime(2025, 12, 31, 23, 30, tzinfo=oslo(2026, 1, 1).tzinfo)):
        clerk_look(kari, anne, item)
    with clock.stopped_at(oslo(2026, 1, 1, 0, 30)):
        clerk_look(kari, anne, item, action="case")
        write(about=kari.pk, action="give", item_kind="fullmakt")
    with clock.stopped_at(NOON):
        old, new = opened(kari, address="/innsyn/?aar=2025"), opened(kari, address="/innsyn/?aar=2026&tjeneste=brev")
        whole = opened(kari)
    assert "Anne Merkantil leste et brev" in old
    assert "så på" not in old.replace("sett på", "")
    assert "Anne Merkantil så på et brev" in new
    assert "en fullmakt" not in new
    assert "Onsdag 31. desember 2025" in whole
    assert re.search("Alle år 2026 2025 .* Alle tjenester Brev Fullmakter og samtykker", whole)


@pytest.mark.parametrize("acting", [False, True])
def test_two_hundred_rows_cost_as_many_queries_as_one(letters: Letters, acting: bool) -> None:
    with clock.stopped_at(NOON):
        mine = families.family(born=date(2018, 5, 1))
        whose = mine.child if acting else mine.mother
        staff = [families.person(f"Ansatt {number}") for number in range(5)]
        client = browser(mine.mother, mine.child if acting else None)
        clerk_look(whose, staff[0], letters.add(whose.pk))
        client.get("/innsyn/")
        with CaptureQueriesContext(
            connection,
        ) as one:
            client.get("/innsyn/")
        for number in range(199):
            clerk_look(whose, staff[number % 5], letters.add(whose.pk))
        with CaptureQueriesContext(connection) as many:
            page = said(client.get("/innsyn/").content.decode())
    assert "Viser 20 innsyn" in page
    assert len(many) == len(one)


KINDS = st.sampled_from([*words.NOUNS, "local_block", "assessment", "session", "something_new"])
ROWS = st.lists(
    st.tuples(
        KINDS,
        st.integers(0, 5),
        st.sampled_from(["self", "FO", "clinician", "emergency", "clerk", ""]),
        st.sampled_from(["shown", "done", "refused"]),
        st.booleans(),
    ),
    max_size=30,
)
WHO = st.sampled_from(["child", "mother", "guardian", "proxy", "former", "stranger"])


@given(
    rows=ROWS,
    who=WHO,
    years=st.sampled_from([5, 11, 12, 14, 16, 40]),
    codes=st.lists(
        st.sampled_from(["N", "NORN_FORANS", "NORN_UNGDOM", "NORN_KUT", "NORN_EPO", "NORN_XYZ"]), min_size=6, max_size=6
    ),
)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_log_holds_exactly_the_rows_the_rules_allow(
    letters: Letters, rows: list[tuple[str, int, str, str, bool]], who: str, years: int, codes: list[str]
) -> None:
    with clock.stopped_at(NOON):
        mine = families.family(born=date(2026 - years, 1, 1), with_guardian=True, with_proxy=True)
        viewer = mine.relatives[who]
        referral = families.referral(mine.child, outcome="open")
        ids = [letters.add(mine.child.pk, codes=(code,), referral_ids=(referral.pk,)) for code in codes]
        for kind, item, basis, result, other in rows:
            write(
                by=mine.father.pk,
                about=mine.stranger.pk if other else mine.child.pk,
                item_kind=kind,
                item_id=ids[item] if kind in words.ITEM_KINDS else "",
                basis=basis,
                result=AuditRow.Result(result),
            )
        eyes = eyes_for(families.viewer(viewer), mine.child.pk, NOON)
        facts = {str(each.id): each.facts for each in letters.listed}

        def allowed(kind: str, item: int, other: bool) -> bool:
            if other or not eyes.decide(Service.LOG).see:
                return False
            if who == "child":
                return True
            if kind in words.ITEM_KINDS:
                return eyes.decide(Service.LETTER, facts[str(ids[item])]).see
            return kind in words.AS_A_WHOLE and eyes.decide(words.AS_A_WHOLE[kind]).see

        expected = sum(allowed(kind, item, other) for kind, item, _basis, _result, other in rows)
        shown, after = 0, ""
        while True:
            page = queries.page(eyes, Sieve(), after)
            shown, after = shown + len(page.rows), page.older
            if not after:
                break
    assert shown == expected
