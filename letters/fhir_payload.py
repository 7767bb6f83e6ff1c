"""The words and papers of an order: title, body and enclosures out of `CommunicationRequest.payload`."""

import base64
import binascii
import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from letters.body import BodyProblem, check_body, normalise
from letters.fhir_codes import LANGUAGES
from letters.orders import EnclosureOrder
from letters.printability import ENCLOSURE_PAGES, check_enclosure
from portal.fhir.elements import Findings, as_list, as_object, as_text

LONGEST_TITLE: Final = 150
MOST_ENCLOSURES: Final = 10
_HTML: Final = "text/html"
_PDF: Final = "application/pdf"
_UTF8: Final = {"", "utf-8", "utf8"}
_BIDI: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, slots=True)
class Payload:
    """What the reader gets to see."""

    title: str
    language: str
    body_html: str
    enclosures: tuple[EnclosureOrder, ...]


@dataclass(frozen=True, slots=True)
class _Attachment:
    """One contentAttachment and where it stands."""

    place: str
    content_type: str
    charset: str
    entry: dict[str, Any]


def read_payload(tree: dict[str, Any], found: Findings) -> Payload:
    """Title, language, normalised body and checked enclosures; what is wrong goes to `found`."""
    entries = [as_object(entry) for entry in as_list(tree.get("payload"))]
    title = _title(as_text(entries[0].get("contentString")) if entries else "", "payload[0].contentString", found)
    for number, entry in enumerate(entries):
        _refuse_other_content(number, entry, found)
    attachments = [_attachment(n, entry) for n, entry in enumerate(entries) if "contentAttachment" in entry]
    bodies = [one for one in attachments if one.content_type == _HTML]
    pdfs = [one for one in attachments if one.content_type == _PDF]
    for one in attachments:
        if one.content_type not in (_HTML, _PDF):
            text = _("Vedlegget må være text/html (brevteksten) eller application/pdf.")
            found.add("not-supported", "attachment-type", text, f"{one.place}.contentType")
    body = _body(bodies, found)
    language = _language(bodies[0] if bodies else None, tree, found)
    return Payload(title, language, body, _enclosures(pdfs, found))


def is_plain_line(text: str) -> bool:
    """Whether the text is one line without control characters and signs that turn the reading direction."""
    return not any(unicodedata.category(sign) in ("Cc", "Zl", "Zp") or sign in _BIDI for sign in text)


def _title(text: str, place: str, found: Findings) -> str:
    title = text.strip()
    if not title:
        found.add("required", "title-missing", _("Brevet mangler tittel."), place)
    elif len(title) > LONGEST_TITLE:
        limit = _("Tittelen er for lang. Grensen er %(limit)d tegn.") % {"limit": LONGEST_TITLE}
        found.add("too-long", "title-too-long", limit, place)
    elif not is_plain_line(title):
        found.add("value", "title-characters", _("Tittelen har linjeskift eller andre styretegn."), place)
    return title


def _refuse_other_content(number: int, entry: dict[str, Any], found: Findings) -> None:
    place = f"payload[{number}]"
    if "contentReference" in entry:
        text = _("Innhold kan ikke være en referanse. Legg det ved.")
        found.add("not-supported", "payload-reference", text, f"{place}.contentReference")
    elif number and "contentString" in entry:
        text = _("Bare payload[0] kan være tekst (tittelen). Brevteksten skal være et text/html-vedlegg.")
        found.add("not-supported", "payload-text", text, f"{place}.contentString")


def _attachment(number: int, entry: dict[str, Any]) -> _Attachment:
    attachment = as_object(entry.get("contentAttachment"))
    kind, _semicolon, parameters = as_text(attachment.get("contentType")).lower().partition(";")
    name, _equals, value = parameters.partition("=")
    charset = value.strip().strip('"') if name.strip() == "charset" else ""
    return _Attachment(f"payload[{number}].contentAttachment", kind.strip(), charset, attachment)


def _language(body: _Attachment | None, tree: dict[str, Any], found: Findings) -> str:
    """The body's own language, else the resource's, else bokmål."""
    written = as_text(body.entry.get("language")) if body else ""
    place = f"{body.place}.language" if body and written else "language"
    asked = written or as_text(tree.get("language")) or "nb"
    language = LANGUAGES.get(asked.lower())
    if language is None:
        found.add("code-invalid", "language-unknown", _("Språket må være nb, nn, se eller en."), place)
    return language or "nb"


def _body(bodies: Sequence[_Attachment], found: Findings) -> str:
    if not bodies:
        text = _("Brevet mangler brevtekst: et vedlegg med contentType text/html.")
        found.add("required", "body-missing", text, "payload")
        return ""
    for extra in bodies[1:]:
        found.add("value", "body-repeated", _("Brevet har flere brevtekster. Bare én er tillatt."), extra.place)
    place = f"{bodies[0].place}.data"
    if bodies[0].charset not in _UTF8:
        found.add("not-supported", "body-charset", _("Brevteksten må være i UTF-8."), f"{bodies[0].place}.contentType")
    data = _data(bodies[0], found)
    if data is None:
        return ""
    try:
        html = data.decode("utf-8")
    except UnicodeDecodeError:
        found.add("value", "body-not-utf8", _("Brevteksten er ikke gyldig UTF-8."), place)
        return ""
    problems = check_body(html)
    for problem in problems:
        _add_body_problem(problem, place, found)
    return "" if problems else normalise(html)


def _add_body_problem(problem: BodyProblem, place: str, found: Findings) -> None:
    found.add("invalid", f"body-{problem.code.replace('_', '-')}", problem.text, place)


def _enclosures(pdfs: Sequence[_Attachment], found: Findings) -> tuple[EnclosureOrder, ...]:
    if len(pdfs) > MOST_ENCLOSURES:
        text = _("Brevet har for mange vedlegg. Grensen er %(limit)d.") % {"limit": MOST_ENCLOSURES}
        found.add("too-costly", "enclosures-too-many", text, "payload")
        return ()
    tried = (_enclosure(number, pdf, found) for number, pdf in enumerate(pdfs, start=1))
    read = tuple(enclosure for enclosure in tried if enclosure is not None)
    if len(read) > 1 and sum(enclosure.pages for enclosure in read) > ENCLOSURE_PAGES:
        text = _("Vedleggene har til sammen for mange sider. Grensen er %(limit)d.") % {"limit": ENCLOSURE_PAGES}
        found.add("too-costly", "enclosures-too-many-pages", text, "payload")
    return read


def _enclosure(number: int, pdf: _Attachment, found: Findings) -> EnclosureOrder | None:
    title = _("Vedlegg %(number)d") % {"number": number}
    if "title" in pdf.entry:
        title = _title(as_text(pdf.entry["title"]), f"{pdf.place}.title", found)
    data = _data(pdf, found)
    if data is None:
        return None
    report = check_enclosure(data)
    for problem in report.problems:
        code = f"enclosure-{problem.code.replace('_', '-')}"
        found.add("invalid", code, problem.text, f"{pdf.place}.data", problem.pages)
    return EnclosureOrder(title, data, report.pages, hashlib.sha256(data).hexdigest())


def _data(attachment: _Attachment, found: Findings) -> bytes | None:
    """The attached bytes, agreeing with `size` and `hash` where the sender gives them."""
    place, entry = attachment.place, attachment.entry
    if "url" in entry:
        text = _("Portalen henter ikke vedlegg fra en adresse. Legg innholdet i data.")
        found.add("not-supported", "attachment-address", text, f"{place}.url")
    data = _decoded(as_text(entry.get("data")))
    if data is None:
        found.add("value", "base64", _("Innholdet er ikke gyldig base64."), f"{place}.data")
        return None
    if not data:
        found.add("required", "attachment-empty", _("Vedlegget er tomt."), f"{place}.data")
        return None
    if "size" in entry and entry["size"] != len(data):
        found.add("value", "attachment-size", _("Størrelsen stemmer ikke med innholdet."), f"{place}.size")
    if "hash" in entry and _decoded(as_text(entry["hash"])) != hashlib.sha1(data, usedforsecurity=False).digest():
        found.add("value", "attachment-hash", _("Sjekksummen (SHA-1) stemmer ikke med innholdet."), f"{place}.hash")
    return data


def _decoded(text: str) -> bytes | None:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
