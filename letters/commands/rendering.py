"""Keeping the letter's PDF once it is rendered, and then letting the channel be decided."""

from uuid import UUID

from django.db import transaction

from letters.commands import history
from letters.commands.ask_clerk import open_task
from letters.models import ClerkTask, Document
from letters.states import Stage
from portal.kernel.actor import system
from portal.outbox import commands as outbox

_RENDERER = system("letters.render")


@transaction.atomic
def keep_rendering(*, letter_id: UUID, pdf: bytes, sha256: str, pages: int) -> None:
    """Store the PDF; a second rendering of the same letter changes nothing."""
    letter = history.lock(letter_id)
    if letter.stage != Stage.RECEIVED:
        return
    Document.objects.create(
        letter=letter, kind=Document.Kind.LETTER, title=letter.title, data=pdf, sha256=sha256, pages=pages
    )
    letter.stage, letter.content_sha256, letter.pages = Stage.RENDERED, sha256, pages
    letter.save(update_fields=["stage", "content_sha256", "pages"])
    history.note(letter, "rendered", by=_RENDERER, details={"sha256": sha256, "pages": pages})
    outbox.put("letters.decide", letter.id, run_after=letter.visible_from, needed_by=letter.must_arrive_by)


@transaction.atomic
def stop_unrendered(*, letter_id: UUID, code: str) -> None:
    """The letter could not be made: a person must look, and its sender can see that it is stuck."""
    letter = history.lock(letter_id)
    if letter.stage == Stage.RECEIVED:
        letter.stage = Stage.STUCK
        letter.save(update_fields=["stage"])
        history.note(letter, "stuck", by=_RENDERER, cause=code)
        open_task(letter, ClerkTask.Reason.RENDER_FAILED)
