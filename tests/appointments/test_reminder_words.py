"""The words of SMS and e-mail: neutral, in every language, and one SMS long."""

import re
from datetime import datetime

import pytest
from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils import translation
from pytest_django import Settings

from appointments import telling_words
from appointments.models import Reminder, ReminderMessage
from portal.kernel import clock
from tests.appointments.told import appointment
from tests.letters import making

pytestmark = pytest.mark.django_db
LANGUAGES = [code for code, _name in settings.LANGUAGES]
GSM_7 = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
ONE_SMS, TWO_SMS_IN_UNICODE = 160, 134
PORTAL = "https://minhelse.helse-nord.example"
SECRETS = ("Kari", "Nordli", "Ortopedisk", "UNN", "Tromsø", "kneet", "2027", "30.", "10.15", "mars")


def message(kind: Reminder.Kind, *, own: bool = True) -> ReminderMessage:
    who = making.person(name="Kari Nordli")
    start = datetime(2027, 3, 30, 10, 15, tzinfo=clock.OSLO)
    row = appointment(who, start, title="Undersøkelse av kneet", place="UNN Tromsø", instruction="Møt fastende")
    reminder = Reminder(appointment=row, kind=kind, sequence=0, due_at=start)
    return ReminderMessage(reminder=reminder, to_person=who if own else making.person(), channel="sms")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", list(Reminder.Kind))
@pytest.mark.parametrize("own", [True, False])
@pytest.mark.parametrize("something_to_do", [True, False])
def test_every_message_is_neutral_and_fits_in_one_sms(
    settings: Settings, language: str, kind: Reminder.Kind, own: bool, something_to_do: bool
) -> None:
    settings.PORTAL_URL = PORTAL
    about = message(kind, own=own)
    with translation.override(language):
        made = telling_words.message(about, "+4740123456", something_to_do=something_to_do)
    words = made.text.replace(str(about.reminder.appointment_id), "")
    assert not any(secret in f"{words}{made.subject}{made.sender}" for secret in SECRETS)
    assert "%" not in made.text
    plain = set(made.text) <= GSM_7
    assert plain or language == "se", sorted(set(made.text) - GSM_7)
    assert len(made.text) <= (ONE_SMS if plain else TWO_SMS_IN_UNICODE)


def test_the_link_leads_to_a_page_of_ours_and_tells_only_an_opaque_name(settings: Settings) -> None:
    settings.PORTAL_URL = PORTAL
    own, others = message(Reminder.Kind.HOURS), message(Reminder.Kind.HOURS, own=False)
    paths = []
    for about in (own, others):
        text = telling_words.message(about, "x", something_to_do=False).text
        [link] = re.findall(r"https://\S+", text)
        paths.append(link.removeprefix(PORTAL))
    assert paths == [f"/timer/{own.reminder.appointment_id}/", "/timer/"]
    for path in paths:
        try:
            resolve(path)
        except Resolver404:
            pytest.fail(f"{path} is no page")


def test_news_and_reminders_have_subjects_of_their_own_and_the_messages_key() -> None:
    news, reminder = message(Reminder.Kind.CANCELLED), message(Reminder.Kind.UNCONFIRMED)
    made = [telling_words.message(each, "x", something_to_do=False) for each in (news, reminder)]
    assert [each.subject for each in made] == ["Nytt på Min helse", "Påminnelse fra Min helse"]
    assert [each.key for each in made] == [news.key, reminder.key]
    assert {each.sender for each in made} == {settings.NOTICE_SENDER}
