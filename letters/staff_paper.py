"""One paper copy on a letter's page: its state in words, what is known of it, and what a clerk may do now."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from letters import staff_words as words
from letters.commands.clerk import FOUR_EYES, NEVER_RELEASED, RESENDABLE
from letters.models import ClerkTask, Letter, Posting
from letters.states import AT_PRINTER, STOPPABLE, Postal
from portal.ui import dates
from portal.ui.cards import Action, Cell, Table, Tone


@dataclass(frozen=True)
class Fact:
    """A label and its text."""

    label: str
    text: str


@dataclass(frozen=True, kw_only=True)
class CasePosting:
    """One paper copy. `explanation` says what the state asks of the clerk; never an address."""

    heading: str
    state: str
    tone: Tone
    explanation: str
    facts: list[Fact]
    receipts: Table | None
    actions: list[Action]


def posting_panel(
    posting: Posting,
    number: int,
    letter: Letter,
    open_tasks: Sequence[ClerkTask],
    names: dict[UUID, str],
    viewer_id: UUID,
) -> CasePosting:
    """One paper copy as the page shows it."""
    text, tone = words.POSTAL[posting.state]
    approver = first_approval(posting, open_tasks)
    return CasePosting(
        heading=_("Papir %(number)s") % {"number": number},
        state=str(text),
        tone=tone,
        explanation=_explanation(posting, approver, names, viewer_id),
        facts=_facts(posting),
        receipts=_receipts(posting),
        actions=[]
        if letter.withdrawn_at and posting.state in RESENDABLE
        else _actions(posting, letter, approver, viewer_id),
    )


def first_approval(posting: Posting, tasks: Sequence[ClerkTask]) -> UUID | None:
    """Who has approved the present hold first, where two must."""
    if posting.state != Postal.HELD or posting.hold_reason not in FOUR_EYES:
        return None
    of_hold = [task for task in tasks if task.posting_id == posting.id and task.reason == posting.hold_reason]
    return next((task.first_approval_by for task in of_hold if task.first_approval_by), None)


def _explanation(posting: Posting, approver: UUID | None, names: dict[UUID, str], viewer_id: UUID) -> str:
    if posting.state == Postal.HELD:
        reason = words.say(words.REASONS, posting.hold_reason)
        return f"{reason}. {_what_now(posting.hold_reason, approver, names, viewer_id)}"
    return {
        Postal.SUBMITTING: _("Papiret leveres nå og kan ikke stoppes før trykkeriet har svart."),
        Postal.UNKNOWN: _(
            "Ring trykkeriet og spør om de har brevet. Det blir ikke sendt på nytt før dette er avklart."
        ),
        Postal.ACCEPTED: _("Trykkeriet har brevet, men har ikke kvittert for at det er sendt."),
        Postal.CANCEL_ASKED: _("Trykkeriet har ikke svart ennå. Brevet kan fortsatt komme fram."),
    }.get(Postal(posting.state), "")


def _what_now(reason: str, approver: UUID | None, names: dict[UUID, str], viewer_id: UUID) -> str:
    if reason in ("deceased", "unknown_person"):
        return _("Brevet kan ikke frigis.")
    if reason == ClerkTask.Reason.UNKNOWN_CODE:
        return _("Brevet er skjult for alle til koden er rettet.")
    if reason in NEVER_RELEASED:
        return _("Stopp papiret. Du kan sende på nytt når Folkeregisteret er rettet.")
    if reason not in FOUR_EYES:
        return _("En ansatt må frigi eller stoppe papiret.")
    if approver is None and reason == ClerkTask.Reason.PARENTS_DENIED:
        return _("Gi brevet til pasienten, ring eller vent. Skal det likevel hjem, må to ansatte godkjenne.")
    if approver is None:
        return _("To ansatte må godkjenne før papiret frigis.")
    if approver == viewer_id:
        return _("Du har godkjent. En annen må også godkjenne.")
    return _("%(name)s har godkjent. Nå trengs din eller en annens godkjenning.") % {
        "name": names.get(approver) or _("En kollega")
    }


def _facts(posting: Posting) -> list[Fact]:
    due = _("Går på papir hvis ikke åpnet innen") if posting.state == Postal.WAITING else _("Skulle på papir")
    facts = [
        Fact(_("Til"), words.say(words.ADDRESSEES, posting.addressee)),
        Fact(_("Årsak"), words.cause(posting.cause)),
        Fact(due, dates.moment(posting.due_at)),
        Fact(_("Stoppes av åpning"), words.yes_no(not posting.obligatory)),
    ]
    if posting.handed_over_at:
        facts.append(Fact(_("Hos trykkeriet"), dates.moment(posting.handed_over_at)))
    if posting.provider_id:
        facts.append(Fact(_("Trykkeriets nummer"), _provider_id(posting.provider_id)))
    if posting.posted_at:
        facts.append(Fact(_("Sendt i posten"), dates.moment(posting.posted_at)))
    if posting.returned_at:
        facts.append(Fact(_("Kom i retur"), dates.moment(posting.returned_at)))
    if posting.pages:
        facts.append(Fact(_("Sider og ark"), f"{posting.pages} / {posting.sheets}"))
    if posting.released_reasons:
        released = ", ".join(words.say(words.REASONS, each) for each in posting.released_reasons)
        facts.append(Fact(_("Frigitt tross"), released))
    return facts


def _provider_id(provider_id: str) -> str:
    told = {"told-by-telephone": _("Bekreftet på telefon"), "told-by-receipt": _("Ikke oppgitt")}
    return told.get(provider_id, provider_id)


def _receipts(posting: Posting) -> Table | None:
    """What the printer has told; nothing where it has had no reason to tell anything."""
    if posting.state not in AT_PRINTER and not posting.receipts.all():
        return None
    return Table(
        caption=_("Kvitteringer fra trykkeriet"),
        columns=[_("Kvittering"), _("Skjedde"), _("Mottatt her")],
        rows=[
            [
                Cell(words.say(words.RECEIPTS, receipt.kind)),
                Cell(dates.moment(receipt.occurred_at)),
                Cell(dates.moment(receipt.received_at)),
            ]
            for receipt in posting.receipts.all()
        ],
        empty_text=_("Ingen kvitteringer ennå."),
    )


def _actions(posting: Posting, letter: Letter, approver: UUID | None, viewer_id: UUID) -> list[Action]:
    actions = []
    if posting.state == Postal.HELD and posting.hold_reason not in NEVER_RELEASED and approver != viewer_id:
        label = _("Godkjenn") if posting.hold_reason in FOUR_EYES else _("Frigi")
        actions.append(Action(label=label, url=_to("release", posting), icon="play", main=True))
    if posting.state == Postal.UNKNOWN:
        actions.append(Action(label=_("Avklar med trykkeriet"), url=_to("settle", posting), icon="phone", main=True))
    if posting.state in STOPPABLE or posting.state == Postal.ACCEPTED:
        actions.append(Action(label=_("Stopp papiret"), url=_to("stop", posting), icon="stop"))
    again = any(each.cause == f"again:{posting.id}" for each in letter.postings.all())
    if posting.state in RESENDABLE and not again:
        actions.append(Action(label=_("Send på nytt"), url=_to("send-again", posting), icon="arrows-circlepath"))
    return actions


def _to(name: str, posting: Posting) -> str:
    return reverse(f"clerk:{name}", args=[posting.letter_id, posting.id])
