"""Letters that have come so far, for a victim to go on with."""

from dataclasses import replace
from uuid import UUID

from django.db import transaction

from letters.models import Document, Letter, Posting
from portal.outbox.models import Errand
from tests.faults.conftest import Around
from tests.letters import making

PAPER_NOW = replace(making.READER_NOW, active_user=False)


@transaction.atomic
def received(around: Around, slug: str = "kari-nordli") -> Letter:
    pid = around.pid(slug)
    return making.received(patient=making.person(pid=pid, name=""), pid=pid)


@transaction.atomic
def decided(around: Around, registers: object = making.READER_NOW, slug: str = "kari-nordli") -> Letter:
    pid = around.pid(slug)
    letter = making.decided(registers, patient=making.person(pid=pid), pid=pid)  # type: ignore[arg-type]  # Registers
    Errand.objects.filter(kind="letters.render").delete()
    Errand.objects.filter(kind="letters.decide").delete()
    return letter


def real_document(letter: Letter) -> None:
    """A PDF that an address can be laid over, as the renderer made it."""
    from letters.paper_sheets import render_letter

    made = render_letter(Letter.objects.select_related("unit", "person", "type").get(pk=letter.pk))
    Document.objects.filter(letter=letter).update(data=made.data, sha256=made.sha256, pages=made.pages)


def state_of(posting_id: UUID) -> str:
    return Posting.objects.values_list("state", flat=True).get(pk=posting_id)
