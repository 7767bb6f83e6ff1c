"""From one letter's rows to the page that answers: who decided what, from which inputs, when opened, when posted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from letters import staff_words as words
from letters.models import ChannelDecision, ClerkTask, Letter, LetterEvent, Notice
from letters.staff_paper import CasePosting, Fact, posting_panel
from letters.staff_presenters import assigned, patient, reference, task_reason, waited
from letters.states import Postal, Stage
from portal.ui import dates
from portal.ui.cards import Action, Cell, Table, TimelineEntry


@dataclass(frozen=True, kw_only=True)
class CaseTask:
    """One open task on the letter's page."""

    reason: str
    facts: list[Fact]
    actions: list[Action]


@dataclass(frozen=True, kw_only=True)
class Decision:
    """The channel decision: what came out of it, and everything it was made from."""

    reason: str
    facts: list[Fact]
    inputs: Table


@dataclass(frozen=True, kw_only=True)
class Case:
    """One letter's page."""

    letter_id: UUID
    heading: str
    patient: str
    reference: str
    unit: str
    withdrawn: str
    facts: list[Fact]
    tasks: list[CaseTask]
    postings: list[CasePosting]
    decision: Decision | None
    notices: Table
    timeline: list[TimelineEntry]
    successor_url: str = ""


def staff_ids(letter: Letter) -> set[UUID]:
    """The members of staff who stand on the letter's page and must be named."""
    ids = {UUID(event.actor_id) for event in letter.events.all() if event.actor_kind == "staff"}
    for task in letter.tasks.all():
        ids |= {each for each in (task.assigned_to, task.first_approval_by) if each is not None}
    return ids


def case(letter: Letter, names: dict[UUID, str], viewer_id: UUID) -> Case:
    """The whole page. `letter` comes from `queries.for_staff.case`."""
    protected: bool = letter.protected  # type: ignore[attr-defined]  # annotated by queries.for_staff
    open_tasks = [task for task in letter.tasks.all() if task.resolved_at is None]
    postings = list(letter.postings.all())
    decision = next(iter(letter.decisions.all()), None)
    successor = next(iter(letter.replaced_by.all()), None)
    return Case(
        letter_id=letter.id,
        heading=letter.type.name,
        patient=patient(letter.person, protected=protected),
        reference=reference(letter.id),
        unit=f"{letter.unit.name}, {letter.unit.hospital}",
        withdrawn=_withdrawn(letter),
        facts=_facts(letter),
        tasks=[_task(task, letter, names, viewer_id) for task in open_tasks],
        postings=[
            posting_panel(each, number, letter, open_tasks, names, viewer_id)
            for number, each in enumerate(postings, start=1)
        ],
        decision=_decision(decision) if decision else None,
        notices=_notices(list(letter.notices.all())),
        timeline=timeline(letter, names, {each.id: number for number, each in enumerate(postings, start=1)}),
        successor_url=reverse("clerk:letter", args=[successor.id]) if successor else "",
    )


def _withdrawn(letter: Letter) -> str:
    if letter.withdrawn_at is None:
        return ""
    when = {"when": dates.moment(letter.withdrawn_at)}
    if letter.withdrawn_reason == "superseded":
        return _("Avsenderen erstattet brevet med et nytt %(when)s.") % when
    return _("Avsenderen trakk brevet tilbake %(when)s.") % when


def _facts(letter: Letter) -> list[Fact]:
    facts = [
        Fact(_("Referanse"), reference(letter.id)),
        Fact(_("Avsenderens nøkkel"), letter.source_key),
        Fact(_("Avsendersystem"), letter.source),
        Fact(_("Mottatt"), dates.moment(letter.received_at)),
        Fact(_("Behandling"), words.say(words.STAGES, letter.stage)),
        Fact(_("På skjerm"), str(words.DIGITAL[letter.digital][0])),
    ]
    if letter.available_at is not None:
        facts.append(Fact(_("Lagt ut"), dates.moment(letter.available_at)))
    if letter.available_at is not None and letter.opened_at is None:
        facts.append(Fact(_("Åpnet"), _("Nei")))
    if letter.opened_at is not None:
        who = _("av pasienten") if letter.opened_by == letter.person_id else _("av en annen på vegne av pasienten")
        facts.append(Fact(_("Åpnet"), f"{dates.moment(letter.opened_at)}, {who}"))
    if letter.must_arrive_by is not None:
        facts.append(Fact(_("Må være framme"), dates.moment(letter.must_arrive_by)))
    if letter.pages:
        facts.append(Fact(_("Sider"), str(letter.pages)))
    return facts


def _task(task: ClerkTask, letter: Letter, names: dict[UUID, str], viewer_id: UUID) -> CaseTask:
    who = assigned(task.assigned_to, names.get(task.assigned_to) if task.assigned_to else None, viewer_id)
    actions = []
    if task.assigned_to is None:
        actions.append(Action(label=_("Ta oppgaven"), url=_to("take", letter, task), main=True, post=True))
    if task.assigned_to == viewer_id:
        actions.append(Action(label=_("Legg tilbake"), url=_to("put-back", letter, task), post=True))
    if letter.stage == Stage.STUCK and task.posting_id is None and letter.withdrawn_at is None:
        actions.append(Action(label=_("Prøv igjen"), url=_to("try-again", letter, task)))
    posting = next((each for each in letter.postings.all() if each.id == task.posting_id), None)
    if posting is None or posting.state != Postal.UNKNOWN:
        actions.append(Action(label=_("Lukk oppgaven"), url=_to("resolve", letter, task)))
    return CaseTask(
        reason=task_reason(task),
        facts=[Fact(_("Har ventet"), waited(task.opened_at)), Fact(_("Hos"), who)],
        actions=actions,
    )


def _to(name: str, letter: Letter, task: ClerkTask) -> str:
    return reverse(f"clerk:{name}", args=[letter.id, task.id])


def _decision(decision: ChannelDecision) -> Decision:
    choice: dict[str, Any] = decision.choice
    notify = [words.say(words.CHANNELS, each) for each in choice.get("notify", [])]
    facts = [
        Fact(
            _("Regel"),
            _("%(rule)s, regelsett %(version)s") % {"rule": decision.rule, "version": decision.rules_version},
        ),
        Fact(_("Besluttet"), f"{dates.moment(decision.decided_at)}, {_('av portalen')}"),
        Fact(_("Skjerm"), words.yes_no(choice["digital"])),
        Fact(_("Papir"), words.say(words.ROUTES, choice["postal"])),
        Fact(_("Varsel"), ", ".join(notify) or _("Ingen")),
    ]
    if choice["postal"] != "none":
        facts.append(Fact(_("Papir til"), words.say(words.ADDRESSEES, choice["addressee"])))
        facts.append(Fact(_("Papir også om brevet åpnes"), words.yes_no(choice["obligatory"])))
    inputs = Table(
        caption=_("Dette visste portalen da den valgte"),
        columns=[_("Opplysning"), _("Svar")],
        rows=[[Cell(label), Cell(text)] for label, text in _inputs(decision.facts)],
    )
    return Decision(reason=words.say(words.RULES, decision.reason), facts=facts, inputs=inputs)


def _inputs(facts: dict[str, Any]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name in words.FACTS:
        value = facts.get(name)
        if name == "age":
            found.append((words.say(words.FACTS, name), _ages(facts)))
        elif name == "fresh_channels":
            channels = [words.say(words.CHANNELS, each) for each in value or []]
            found.append((words.say(words.FACTS, name), ", ".join(channels) or _("Ingen")))
        elif name == "security_codes":
            codes = value or [facts["security_code"]] if "security_code" in facts else value
            found.append((words.say(words.FACTS, name), ", ".join(codes or []) or _("Ingen")))
        elif name == "parents_denied":
            found.append((words.say(words.FACTS, name), str(value or "") or _("Ingen")))
        elif name == "readers":
            found.append((words.say(words.FACTS, name), _readers(value or [])))
        else:
            found.append((words.say(words.FACTS, name), words.yes_no(value)))
    return found


def _readers(readers: list[dict[str, Any]]) -> str:
    """Each one tied to the patient, without a name: what they are, whether they may see it, and by which rule."""
    said = []
    for each in readers:
        who, answer = words.say(words.RELATIONS, each["relation"]), words.yes_no(each["see"])
        said.append(_("%(who)s: %(answer)s (%(rule)s)") % {"who": who, "answer": answer, "rule": each["rule"]})
    return ", ".join(said) or _("Ikke spurt")


def _ages(facts: dict[str, Any]) -> str:
    low, high = facts.get("age_low"), facts.get("age_high")
    if low is None or high is None:
        return _("Ukjent")
    return _("%(years)s år") % {"years": low if low == high else f"{low}–{high}"}


def _notices(notices: Sequence[Notice]) -> Table:
    rows = []
    for notice in sorted(notices, key=lambda each: (each.send_after, each.channel)):
        text, tone = words.NOTICES[notice.state]
        at = notice.settled_at or notice.sent_at or notice.send_after
        rows.append(
            [
                Cell(f"{words.say(words.ROUNDS, notice.round)}, {words.say(words.CHANNELS, notice.channel)}"),
                Cell(text, tone=tone),
                Cell(dates.moment(at)),
            ]
        )
    return Table(
        caption=_("Varsler"), columns=[_("Varsel"), _("Status"), _("Tid")], rows=rows, empty_text=_("Ingen varsler.")
    )


def timeline(letter: Letter, names: dict[UUID, str], numbers: dict[UUID, int]) -> list[TimelineEntry]:
    """Everything that has happened to the letter, oldest first, with who did it and why."""
    return [_entry(event, letter, names, numbers) for event in letter.events.all()]


def _entry(event: LetterEvent, letter: Letter, names: dict[UUID, str], numbers: dict[UUID, int]) -> TimelineEntry:
    what, icon, tone = words.EVENTS.get(event.kind, (event.kind, "information-square", "neutral"))
    parts = [str(what)]
    if event.details.get("channel"):
        parts.append(words.say(words.CHANNELS, event.details["channel"]))
    number = numbers.get(event.posting_id) if event.posting_id else None
    if number is not None and len(numbers) > 1:
        parts.append(_("papir %(number)s") % {"number": number})
    return TimelineEntry(
        what=" · ".join(parts),
        when_text=dates.moment(event.at),
        icon=icon,
        tone=tone,  # type: ignore[arg-type]  # the words' table holds tones
        actor=_who(event, letter, names),
        detail=_why(event),
        when=event.at,
    )


def _who(event: LetterEvent, letter: Letter, names: dict[UUID, str]) -> str:
    if event.actor_kind == "staff":
        return names.get(UUID(event.actor_id)) or _("En ansatt")
    if event.actor_kind == "citizen":
        own = event.actor_id == str(letter.person_id)
        return _("Pasienten") if own else _("En annen på vegne av pasienten")
    if event.actor_kind == "sender":
        return _("Avsenderens system")
    return _("Trykkeriet") if event.actor_id == "letters.receipts" else _("Portalen")


def _why(event: LetterEvent) -> str:
    if event.details.get("note"):
        return _("Begrunnelse: %(note)s") % {"note": event.details["note"]}
    if event.kind == "decided":
        reason = words.say(words.RULES, event.details.get("reason", ""))
        return _("Regel %(rule)s: %(reason)s") % {"rule": event.cause, "reason": reason}
    hidden = event.kind in ("received", "digital.open", "postal.hand_over", "postal.prepare", "digital.publish")
    return "" if hidden or not event.cause else words.cause(event.cause)
