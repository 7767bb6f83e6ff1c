"""From a letter's rows to the words of a citizen's page."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from letters.models import Document, Letter, LetterEvent, Posting
from letters.queries.for_staff import names_of
from letters.queries.on_screen import Copy, Page
from letters.states import AT_PRINTER, Digital, Postal
from portal.ui import dates
from portal.ui.cards import Choice, Enclosure, Inbox, LetterRow, LetterSheet, Pages, TaskCard, TimelineEntry, Tone
from youth_access.eyes import Eyes
from youth_access.facts import Kind

_ON_ITS_WAY = AT_PRINTER - {Postal.POSTED, Postal.RETURNED}
_NO_LETTER = UUID(int=0)
_NOT_YET = frozenset({Postal.DUE, Postal.READY, Postal.HELD})


def sender(letter: Letter) -> str:
    """The unit and its hospital, as patients know them."""
    return f"{letter.unit.name}, {letter.unit.hospital}"


def waiting_posting(letter: Letter) -> Posting | Copy | None:
    """The paper copy that an opening would still stop by its limit, if any."""
    return next((p for p in _copies(letter) if p.state == Postal.WAITING), None)


def _copies(letter: Letter) -> Sequence[Posting | Copy]:
    copies: Sequence[Posting | Copy] = letter.copies  # type: ignore[attr-defined]  # read by queries.on_screen
    return copies


def task_card(letter: Letter) -> TaskCard:
    """An unopened letter on the front page."""
    posting = waiting_posting(letter)
    return TaskCard(
        title=_("Les brevet «%(title)s»") % {"title": letter.title},
        url=reverse("letters:letter", args=[letter.id]),
        sender=sender(letter),
        icon="envelope-closed",
        deadline_text=deadline_text(letter),
        deadline_near=posting is not None and dates.is_near(posting.due_at),
        due_at=posting.due_at if posting else None,
    )


def deadline_text(letter: Letter) -> str:
    """Until when an opening keeps the letter out of the post."""
    posting = waiting_posting(letter)
    if posting is None or letter.digital != Digital.AVAILABLE:
        return ""
    return _("Åpne innen %(when)s, ellers sender vi det i posten") % {"when": dates.moment(posting.due_at)}


def letter_rows(letters: Sequence[Letter]) -> list[LetterRow]:
    """The lines of the inbox. Where letters stand is looked up once: it took longer than all else in a line."""
    before, after = reverse("letters:letter", args=[_NO_LETTER]).split(str(_NO_LETTER))
    return [_letter_row(letter, f"{before}{letter.id}{after}") for letter in letters]


def _letter_row(letter: Letter, url: str) -> LetterRow:
    posting = waiting_posting(letter)
    text, tone = _state(letter)
    return LetterRow(
        url=url,
        title=letter.title,
        sender=sender(letter),
        date_text=dates.plain_date(letter.available_at) if letter.available_at else "",
        language=letter.language,
        state_text=text,
        state_tone=tone,
        unread=letter.digital == Digital.AVAILABLE,
        deadline_text=deadline_text(letter),
        deadline_near=posting is not None and dates.is_near(posting.due_at),
    )


def _state(letter: Letter) -> tuple[str, Tone]:
    if letter.withdrawn_at is not None:
        words = _("Erstattet") if letter.withdrawn_reason == "superseded" else _("Trukket tilbake")
        return words, "warning"
    if letter.digital == Digital.AVAILABLE:
        return _("Ulest"), "info"
    if any(p.state in (Postal.POSTED, Postal.RETURNED) for p in _copies(letter)):
        return _("Også sendt i posten"), "neutral"
    return "", "neutral"


def inbox_page(page: Page, *, show: str, words: str, first: bool, of_another: bool = False) -> Inbox:
    """The inbox as its template lays it out. `of_another`: the letters are not the reader's own."""
    here = reverse("letters:inbox")
    return Inbox(
        rows=letter_rows(page.letters),
        choices=[
            Choice(_("Alle"), here, current=show == "all" and not words),
            Choice(_("Uleste"), f"{here}?vis=uleste", current=show == "unread"),
        ],
        result_text=_result_text(page, words),
        pages=_pages(page, show=show, searched=bool(words), first=first),
        search_url=reverse("letters:search"),
        search_words=words,
        reset_url=here,
        empty_heading=_empty_heading(words, of_another=of_another),
        empty_text=_empty_text(show, words, of_another=of_another),
    )


def _result_text(page: Page, words: str) -> str:
    if not page.letters:
        return ""
    count = len(page.letters)
    if words:
        return ngettext("Viser %(count)s brev som passer.", "Viser %(count)s brev som passer.", count) % {
            "count": count
        }
    return ngettext("Viser %(count)s brev, nyeste først.", "Viser %(count)s brev, nyeste først.", count) % {
        "count": count
    }


def _empty_heading(words: str, *, of_another: bool) -> str:
    if words:
        return _("Vi fant ingen brev")
    return _("Det er ingen brev her som du kan lese") if of_another else _("Du har ingen brev som venter")


def _empty_text(show: str, words: str, *, of_another: bool) -> str:
    if words:
        return _("Prøv færre eller andre ord. Vi søker i tittel og avsender.")
    if of_another:
        return _("Når det kommer brev som du kan lese, finner du dem her.")
    if show == "unread":
        return _("Du har åpnet alle brevene dine.")
    return _("Når sykehuset sender deg brev, finner du dem her.")


def _pages(page: Page, *, show: str, searched: bool, first: bool) -> Pages | None:
    if first and not page.older:
        return None
    kept = {"vis": "sok" if searched else "uleste"} if searched or show == "unread" else {}
    here = reverse("letters:inbox")
    newest = f"{here}?{urlencode(kept)}" if kept else here
    older = f"{here}?{urlencode(kept | {'etter': page.older})}" if page.older else ""
    return Pages(
        previous_url="" if first else newest,
        next_url=older,
        links=[],
        previous_text=_("Nyeste brev"),
        next_text=_("Eldre brev"),
    )


def names_of_readers(letter: Letter, eyes: Eyes) -> dict[UUID, str]:
    """The names of those who have read the letter for the patient; only the patient is told them."""
    if eyes.acting_for_another:
        return {}
    readings: Sequence[LetterEvent] = letter.readings  # type: ignore[attr-defined]  # prefetched by queries.on_screen.one
    return names_of({UUID(reading.actor_id) for reading in readings})


def letter_page(letter: Letter, eyes: Eyes, names: Mapping[UUID, str]) -> LetterSheet:
    """One letter on its page, after it was opened. `names` are those of `names_of_readers`."""
    text, tone = receipt(letter, eyes)
    papers: Sequence[Document] = letter.papers  # type: ignore[attr-defined]  # prefetched by queries.on_screen.one
    main = next((paper for paper in papers if paper.kind == Document.Kind.LETTER), None)
    return LetterSheet(
        title=letter.title,
        sender=sender(letter),
        date_text=dates.plain_date(letter.received_at),
        body=letter.body_html,
        body_language=letter.language,
        receipt_text=text,
        receipt_tone=tone,
        pdf_url=reverse("letters:pdf", args=[letter.id]) if main else "",
        pdf_size_text=_size(main) if main else "",
        enclosures=[_enclosure(letter, paper) for paper in papers if paper.kind == Document.Kind.ENCLOSURE],
        timeline=timeline(letter, eyes, names),
        contact_text=_("Ta kontakt med %(unit)s på telefon") % {"unit": sender(letter)} if letter.unit.phone else "",
        contact_phone=letter.unit.phone,
        contact_link=f"tel:+47{letter.unit.phone.replace(' ', '')}",
    )


def receipt(letter: Letter, eyes: Eyes) -> tuple[str, Tone]:
    """What opening the letter means for the post, in words."""
    postings = _copies(letter)
    if letter.withdrawn_at is not None:
        return _withdrawn(letter), "warning"
    if any(p.state in (Postal.POSTED, Postal.RETURNED) for p in postings):
        return _("Brevet er også sendt i posten."), "info"
    if any(p.state in _ON_ITS_WAY for p in postings):
        return _("Brevet er også på vei i posten. Det var sendt til trykkeriet før du åpnet det her."), "info"
    if any(p.state in _NOT_YET for p in postings):
        also = _("Brevet kommer i posten også.") if eyes.acting_for_another else _("Du får brevet i posten også.")
        return also, "info"
    if letter.opened_at is None:
        return "", "info"
    when = {"when": dates.moment(letter.opened_at)}
    if letter.opened_by != eyes.viewer.person_id:
        return _("Brevet ble åpnet %(when)s. Det blir ikke sendt i posten.") % when, "success"
    return _("Du åpnet brevet %(when)s. Det blir ikke sendt i posten.") % when, "success"


def _withdrawn(letter: Letter) -> str:
    when = {"when": dates.day(letter.withdrawn_at) if letter.withdrawn_at else ""}
    if letter.withdrawn_reason == "superseded":
        return _("Sykehuset erstattet dette brevet med et nytt %(when)s. Les det nye brevet i stedet.") % when
    return _("Sykehuset trakk tilbake dette brevet %(when)s. Det gjelder ikke lenger.") % when


_READ_AS = {
    Kind.PARENT: _lazy("Lest av %(name)s som forelder"),
    Kind.GUARDIAN: _lazy("Lest av %(name)s som verge"),
    Kind.PROXY: _lazy("Lest av %(name)s med fullmakt"),
    Kind.APPOINTED: _lazy("Lest av %(name)s med tildelt fullmakt"),
}


def timeline(letter: Letter, eyes: Eyes, names: Mapping[UUID, str]) -> list[TimelineEntry]:
    """What has happened with the letter, oldest first, as far as it concerns the reader.

    The patient sees who has read it for them; one who acts for the patient sees nothing of the others.
    """
    own = letter.opened_by == eyes.viewer.person_id
    moments = [
        (letter.available_at, _("Brevet kom hit"), "envelope-closed"),
        (letter.opened_at, _("Du åpnet brevet") if own else _("Brevet ble åpnet"), "envelope-open"),
        (letter.withdrawn_at, _("Sykehuset trakk brevet tilbake"), "xmark-octagon"),
        *_readings(letter, names),
    ]
    for posting in letter.copies:  # type: ignore[attr-defined]  # prefetched by queries.on_screen.one
        moments.append((posting.posted_at, _("Brevet ble sendt i posten"), "envelope-closed"))
        moments.append((posting.returned_at, _("Brevet kom i retur fra posten"), "envelope-closed"))
    happened = sorted(((at, what, icon) for at, what, icon in moments if at is not None), key=lambda each: each[0])
    return [TimelineEntry(what=what, when_text=dates.moment(at), icon=icon, when=at) for at, what, icon in happened]


def _readings(letter: Letter, names: Mapping[UUID, str]) -> list[tuple[datetime | None, str, str]]:
    readings: Sequence[LetterEvent] = letter.readings  # type: ignore[attr-defined]  # prefetched by queries.on_screen.one
    return [
        (reading.at, str(_READ_AS[Kind(reading.details["as"])]) % {"name": names[UUID(reading.actor_id)]}, "person")
        for reading in readings
        if UUID(reading.actor_id) in names
    ]


def _enclosure(letter: Letter, paper: Document) -> Enclosure:
    title = paper.title or _("Vedlegg %(number)s") % {"number": paper.number}
    return Enclosure(title, reverse("letters:enclosure", args=[letter.id, paper.number]), _size(paper))


def _size(paper: Document) -> str:
    size: int = paper.size  # type: ignore[attr-defined]  # annotated by queries.on_screen.one
    return f"{max(1, round(size / 1024))}{dates.NBSP}kB"
