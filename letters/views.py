"""Citizens' pages of letters."""

from collections.abc import Iterator
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from letters import presenters
from letters.commands import opening
from letters.models import Document
from letters.queries import on_screen
from portal.kernel import reach
from portal.people import sealed_session
from portal.people.viewer import citizen_required
from youth_access.eyes import Eyes, require_eyes
from youth_access.footing import refusal

_SEARCH = "letters.search"
_LONGEST_SEARCH = 100
_CHUNK = 64 * 1024


@citizen_required
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """The inbox: newest first, all or unread, or what was searched for."""
    eyes = require_eyes(request)
    asked, after = request.GET.get("vis", ""), request.GET.get("etter", "")[:200]
    words = _words_searched(request, eyes) if asked == "sok" else ""
    show: on_screen.Show = "unread" if asked == "uleste" else "all"
    page = on_screen.inbox(eyes, show=show, search=words, after=after)
    another = eyes.acting_for_another
    shown = presenters.inbox_page(page, show=show, words=words, first=not after, of_another=another)
    whose = eyes.patient_name if another else ""
    return render(request, "letters/inbox.html", {"inbox": shown, "whose": whose})


@citizen_required
@require_POST
def search(request: HttpRequest) -> HttpResponse:
    """Keep the words in the session and show the result: they may be about health, so no address holds them."""
    words = " ".join(request.POST.get("sok", "").replace("\0", "").split())[:_LONGEST_SEARCH]
    eyes = require_eyes(request)
    kept = {"of": str(eyes.patient_id), "words": words}
    sealed_session.keep(request, _SEARCH, kept, person_id=eyes.viewer.person_id)
    here = reverse("letters:inbox")
    return HttpResponseRedirect(f"{here}?vis=sok" if words else here)


def _words_searched(request: HttpRequest, eyes: Eyes) -> str:
    """What was looked for last among this patient's letters; another patient's words are another's."""
    kept = sealed_session.kept(request, _SEARCH, person_id=eyes.viewer.person_id)
    return str(kept["words"]) if isinstance(kept, dict) and kept.get("of") == str(eyes.patient_id) else ""


@citizen_required
@require_safe
def letter(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """One letter. Showing it opens it; a HEAD request or a browser's own prefetching does not."""
    eyes = require_eyes(request)
    if on_screen.one(eyes, letter_id) is None:
        raise _missing(eyes, letter_id)
    if _only_looking_ahead(request):
        return HttpResponse(status=204)
    opened = opening.open_letter(letter_id=letter_id, reader=eyes.viewer.person_id, eyes=eyes)
    shown = on_screen.one(eyes, letter_id)
    if shown is None or not opening.may_be_shown(opened, eyes):
        raise _missing(eyes, letter_id)
    page = presenters.letter_page(shown, eyes, presenters.names_of_readers(shown, eyes))
    return render(request, "letters/letter.html", {"letter": page})


@citizen_required
@require_safe
def pdf(request: HttpRequest, letter_id: UUID) -> HttpResponseBase:
    """The letter as PDF. It counts as opened once its last byte has been sent, not before."""
    eyes = require_eyes(request)
    found = on_screen.document(eyes, letter_id)
    if found is None:
        raise _missing(eyes, letter_id)
    if _only_looking_ahead(request):
        return HttpResponse(status=204)
    opening.note_reading(letter=found.letter, eyes=eyes, what="letter_pdf")
    return _download(_sent_whole(found, eyes), found, f"brev-{str(letter_id)[:8]}.pdf")


@citizen_required
@require_safe
def enclosure(request: HttpRequest, letter_id: UUID, number: int) -> HttpResponseBase:
    """An enclosure; reading it alone does not open the letter."""
    eyes = require_eyes(request)
    found = on_screen.document(eyes, letter_id, enclosure=number)
    if found is None:
        raise _missing(eyes, letter_id)
    if _only_looking_ahead(request):
        return HttpResponse(status=204)
    opening.note_reading(letter=found.letter, eyes=eyes, what="enclosure")
    return _download(_chunks(found), found, f"vedlegg-{number}-{str(letter_id)[:8]}.pdf")


def _missing(eyes: Eyes, letter_id: UUID) -> Http404:
    """One 404 for everything that is not shown; where the rules said no, the audit keeps it."""
    hidden = on_screen.hidden_from(eyes, letter_id)
    if hidden is None:
        return Http404()
    return refusal(eyes, on_screen.decision(eyes, hidden), item_kind="letter", item_id=letter_id)


def _only_looking_ahead(request: HttpRequest) -> bool:
    purpose = " ".join(request.headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"))
    return request.method == "HEAD" or "prefetch" in purpose.lower() or "preview" in purpose.lower()


def _chunks(document: Document) -> Iterator[bytes]:
    data = bytes(document.data)
    for start in range(0, len(data), _CHUNK):
        yield data[start : start + _CHUNK]


def _sent_whole(document: Document, eyes: Eyes) -> Iterator[bytes]:
    """Send every byte, and only then open the letter: a download that was cut off leaves it unopened."""
    yield from _chunks(document)
    reader = eyes.viewer.person_id
    with reach.one_patient(f"citizen:{reader}", eyes.patient_id):  # the request itself is over by now
        opening.open_letter(letter_id=document.letter.id, reader=reader, eyes=eyes)


def _download(content: Iterator[bytes], document: Document, name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(content, content_type="application/pdf")
    response["Content-Length"] = str(len(document.data))
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response
