"""The citizen's access log: who sees which rows, and in which words."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.test import Client

from portal.audit.basis import Basis
from portal.audit.models import AuditRow
from portal.kernel import clock
from portal.people.models import Role, SignInSession, Unit
from portal.site import access_log_queries as queries
from portal.site import access_log_words as words
from portal.site.access_log_queries import Sieve
from tests.audit.items_in_memory import Letters
from tests.audit.log_readers import NOON, browser, clerk_look, opened, said, times_of
from tests.audit.written import write
from tests.people.signed_in import signed_in
from tests.youth_access import families
from tests.youth_access.families import oslo
from youth_access.eyes import eyes_for

pytestmark = pytest.mark.django_db


# Who stands there, and how.


def test_each_deed_tells_who_what_when_and_why(letters: Letters) -> None:
    kari, anne = families.person(), families.person("Anne Merkantil")
    item = letters.add(kari.pk)
    with clock.stopped_at(NOON):
        write(about=kari.pk, item_id=item)
        clerk_look(kari, anne, item)
        write(by="letters.fallback", kind="system", about=kari.pk, action="sent", item_id=item, basis="")
        page = opened(kari)
    assert "Mandag 23. november" in page
    assert "Du leste et brev" in page
    assert "Grunnlag: innsyn i egne opplysninger" in page
    assert "Anne Merkantil leste et brev Merkantil, Helse Nord Grunnlag: arbeid med brev og post" in page
    assert "Helseforetaket behandlet et brev Automatisk" in page
    assert times_of(page, "kl. 12.00") == 3
    assert "is undefined" not in page


def test_a_clinician_stands_by_name_and_unit_and_never_by_number(letters: Letters) -> None:
    kari, lege = families.person(), families.person("Liv Lege")
    Unit.objects.create(resh="983974899", name="Ortopedisk poliklinikk", hospital="UNN Tromsø")
    basis = Basis(relation="clinician", hpr="9144900", organisation="983974899")
    clerk_look(kari, lege, letters.add(kari.pk), basis=basis)
    answer = browser(kari).get("/innsyn/").content.decode()
    assert "Liv Lege leste et brev" in answer
    assert "Behandler, Ortopedisk poliklinikk, UNN Tromsø" in answer
    assert "9144900" not in answer


def test_break_glass_is_marked(letters: Letters) -> None:
    kari, lege = families.person(), families.person("Liv Lege")
    note = {"note": "Bevisstløs pasient, måtte se alt"}
    clerk_look(kari, lege, letters.add(kari.pk), basis="emergency", details=note)
    page = opened(kari)
    assert "Nødtilgang" in page
    assert "Bevisstløs" not in page, "what staff wrote is not shown"


@pytest.mark.parametrize(
    ("relation", "capacity", "basis"),
    [
        ("FO", "Som forelder", "Grunnlag: foreldreansvar"),
        ("FU", "Med fullmakt", ""),
        ("VE", "Som verge", "Grunnlag: vergemål"),
        ("TD", "Med tildelt fullmakt", ""),
    ],
)
def test_whoever_acts_for_another_stands_by_name_and_capacity(
    letters: Letters, relation: str, capacity: str, basis: str
) -> None:
    """Scenario 44: never as the one they act for."""
    kari, ola = families.person(), families.person("Ola Nordli")
    write(by=ola.pk, about=kari.pk, item_id=letters.add(kari.pk), basis=relation)
    page = opened(kari)
    assert f"Ola Nordli leste et brev {capacity} {basis}".strip() in page
    assert "Du leste" not in page


def test_the_father_at_11_and_his_refused_attempt_at_12(letters: Letters) -> None:
    """Scenario 58."""
    with clock.stopped_at(oslo(2026, 11, 21, 23, 59)):
        mine = families.family(born=date(2014, 11, 22))
        item = letters.add(mine.child.pk)
        write(by=mine.father.pk, about=mine.child.pk, item_id=item, basis=Basis(relation="FO", band="0-11"))
    with clock.stopped_at(oslo(2026, 11, 22)):
        write(
            by=mine.father.pk,
            about=mine.child.pk,
            item_id=item,
            basis=Basis(relation="FO", rule="V16", band="12"),
            result=AuditRow.Result.REFUSED,
        )
    with clock.stopped_at(oslo(2030, 11, 22)):
        page = opened(mine.child)
    assert "Fredrik Far leste et brev Som forelder" in page
    assert "Fredrik Far prøvde å åpne et brev Som forelder Grunnlag: foreldreansvar Avvist" in page


def test_an_item_out_of_sight_is_only_information(letters: Letters) -> None:
    kari, anne = families.person(), families.person("Anne Merkantil")
    clerk_look(kari, anne, letters.add(kari.pk, codes=("NORN_KUT",)))
    clerk_look(kari, anne, uuid4())
    page = opened(kari)
    assert times_of(page, "Anne Merkantil leste opplysninger om deg") == 2
    assert "et brev" not in page
    assert "BUP" not in page
    assert "Anne" not in opened(kari, address="/innsyn/?tjeneste=brev")


def test_no_title_and_no_id_stands_on_the_page(letters: Letters) -> None:
    kari, anne = families.person(), families.person("Anne Merkantil")
    item = letters.add(kari.pk)
    row = clerk_look(kari, anne, item)
    page = browser(kari).get("/innsyn/").content.decode()
    for told in ("Svar på prøve", "BUP", str(item), str(anne.pk), str(kari.pk), row.request_id or "none"):
        assert told not in page


@pytest.mark.parametrize(
    ("action", "kind", "basis", "sentence"),
    [
        ("acting.begin", "person", "FU", "Ola Nordli begynte å handle for deg Med fullmakt"),
        ("consent.withdraw", "youth_consent", "FO", "Ola Nordli trakk samtykket til at du kan bruke Min helse"),
        ("something.new", "something_new", "FO", "Ola Nordli behandlet opplysninger om deg Som forelder"),
    ],
)
def test_other_deeds_have_their_own_words(action: str, kind: str, basis: str, sentence: str) -> None:
    kari, ola = families.person(), families.person("Ola Nordli")
    write(by=ola.pk, about=kari.pk, action=action, item_kind=kind, basis=basis)
    assert sentence in opened(kari)


def test_every_word_of_the_log_can_be_said() -> None:
    for sentence in (words.REFUSED, words.LOOKED, words.CHANGED, *words.DEEDS.values(), *words.REFUSALS.values()):
        assert str(sentence) % {"who": "Kari", "what": "et brev"}
    named = {kind for service in words.SERVICES for kind in words.kinds_of(service)}
    assert words.NOUNS.keys() | words.AS_A_WHOLE.keys() | words.ITEM_KINDS <= named | {"session", "person"}


# Who may look.


def test_a_parent_of_a_small_child_sees_what_concerns_items_in_sight(letters: Letters) -> None:
    with clock.stopped_at(NOON):
        mine = families.family(born=date(2018, 5, 1))
        anne = families.person("Anne Merkantil")
        clerk_look(mine.child, anne, letters.add(mine.child.pk))
        clerk_look(mine.child, anne, letters.add(mine.child.pk, codes=("NORN_FORANS",)))
        write(by=anne.pk, kind="staff", about=mine.child.pk, action="set", item_kind="local_block", basis="clinician")
        page = opened(mine.mother, acting_for=mine.child)
    assert "opplysningene til Nora Barn" in page
    assert times_of(page, "Anne Merkantil") == 1
    assert "Anne Merkantil leste et brev" in page
    assert "Viser 1 innsyn" in page


@pytest.mark.parametrize(("day", "status"), [((2026, 11, 21), 200), ((2026, 11, 22), 404)])
def test_the_log_closes_to_parents_on_the_12th_birthday(
    letters: Letters, day: tuple[int, int, int], status: int
) -> None:
    with clock.stopped_at(oslo(*day, 0)):
        mine = families.family(born=date(2014, 11, 22))
        clerk_look(mine.child, families.person("Anne Merkantil"), letters.add(mine.child.pk))
        answer = browser(mine.father, mine.child).get("/innsyn/")
    assert answer.status_code == status
    row = AuditRow.objects.latest("id")
    assert (row.action, row.result) == ("log.read", "shown" if status == 200 else "refused")
    assert (row.actor_id, row.person_id, row.basis) == (str(mine.father.pk), mine.child.pk, "FO")
    assert ("Anne" in answer.content.decode()) == (status == 200)


def test_the_closed_log_says_nothing_of_what_is_in_it(letters: Letters) -> None:
    with clock.stopped_at(NOON):
        mine = families.family(born=date(2013, 1, 1))
        client = browser(mine.mother, mine.child)
        empty = said(client.get("/innsyn/").content.decode())
        clerk_look(mine.child, families.person("Anne Merkantil"), letters.add(mine.child.pk))
        full = said(client.get("/innsyn/").content.decode())
    assert "Du kan ikke se denne loggen når du handler for Nora Barn." in full
    assert full == empty


def test_a_proxy_sees_what_a_proxy_may_see_and_no_other_fullmakt(letters: Letters) -> None:
    with clock.stopped_at(NOON):
        mine = families.family(born=date(1950, 1, 1), with_proxy=True)
        anne = families.person("Anne Merkantil")
        clerk_look(mine.child, anne, letters.add(mine.child.pk))
        write(about=mine.child.pk, action="fullmakt.give", item_kind="fullmakt")
        page = opened(mine.proxy, acting_for=mine.child)
        own = opened(mine.child)
    assert "Anne Merkantil leste et brev" in page
    assert "fullmakt" not in page.replace("Hvem kan handle for meg", "")
    assert "Du ga en fullmakt" in own


def test_someone_who_is_nothing_to_the_patient_sees_nothing(letters: Letters) -> None:
    with clock.stopped_at(NOON):
        mine = families.family(born=date(1990, 1, 1))
        clerk_look(mine.child, families.person("Anne Merkantil"), letters.add(mine.child.pk))
        answer = browser(mine.stranger, mine.child).get("/innsyn/")
        eyes = eyes_for(families.viewer(mine.stranger), mine.child.pk, NOON)
        assert not queries.page(eyes, Sieve(), "").rows
    assert answer.status_code in (403, 404)
    assert "Anne" not in answer.content.decode()


def test_signed_out_is_sent_to_sign_in_and_an_old_sign_in_is_asked_anew() -> None:
    assert Client().get("/innsyn/").status_code == 302
    client = browser(families.person())
    SignInSession.objects.update(authenticated_at=clock.real_now() - timedelta(minutes=6))
    answer = client.get("/innsyn/")
    assert answer.status_code == 302
    assert not AuditRow.objects.filter(action="log.read").exists()


def test_staff_see_their_own_log_like_anyone(letters: Letters) -> None:
    anne = families.person("Anne Merkantil")
    client = signed_in(Client(), anne, [Role.CLERK])
    assert client.get("/innsyn/").status_code == 200
