"""Reads the access log as those do who may, and writes what they shall find there."""

import re
from html import unescape
from typing import Any
from uuid import UUID

from django.test import Client

from portal.audit.models import AuditRow
from portal.people.models import Person
from tests.audit.written import write
from tests.people.signed_in import signed_in
from tests.youth_access.families import oslo
from youth_access.eyes import ACTING_FOR

NOON = oslo(2026, 11, 23, 12)


def opened(who: Person, acting_for: Person | None = None, address: str = "/innsyn/") -> str:
    """The page's words, as one line."""
    answer = browser(who, acting_for).get(address)
    assert answer.status_code == 200, answer.status_code
    return said(answer.content.decode())


def browser(who: Person, acting_for: Person | None = None) -> Client:
    client = signed_in(Client(), who)
    if acting_for is not None:
        session = client.session
        session[ACTING_FOR] = str(acting_for.pk)
        session.save()
    return client


def said(page: str) -> str:
    main = page.partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", main)))


def times_of(page: str, sentence: str) -> int:
    return page.count(sentence)


def clerk_look(about: Person, by: Person, item: UUID, **more: Any) -> AuditRow:
    facts: dict[str, Any] = {"action": "preview", "basis": "clerk"} | more
    return write(by=by.pk, kind="staff", about=about.pk, item_id=item, **facts)
