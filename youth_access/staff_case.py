"""From one patient's case to the words of the clinician's page about access."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.people.models import Person
from portal.ui import dates
from portal.ui.cards import Action, Tone
from youth_access import staff_words as words
from youth_access.ages import Band
from youth_access.codes import KNOWN
from youth_access.commands.assessments import effective_end
from youth_access.items import Listed
from youth_access.models import AccessTask, ChildWish, LocalBlock, Referral, ReferralAssessment, StaffBlock
from youth_access.staff_footing import Footing
from youth_access.staff_presenters import Fact, due_words, minutes_left, name_of, patient_line, task_words
from youth_access.staff_queries import Case, coming, in_force


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One thing on the page: a heading, its state, facts, and what can be done."""

    heading: str
    state: str = ""
    tone: Tone = "neutral"
    text: str = ""
    facts: list[Fact] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseWords:
    """The clinician's page of one patient."""

    heading: str
    emergency: str = ""
    leave_url: str = ""
    preview_url: str
    advice: list[str]
    tasks: list[Panel]
    referrals: list[Panel]
    wishes: list[Panel]
    listed: list[Panel]
    blocks: list[Panel]
    grants: list[Panel]
    team: list[Panel]
    actions: Mapping[str, Action]
    confidential: str = ""


def case(found: Case, ground: Footing) -> CaseWords:
    """Everything, with actions only where one may act."""
    patient, may = ground.patient, ground.may_act
    until = ground.emergency.ends_at if ground.emergency else None
    return CaseWords(
        heading=patient_line(patient),
        emergency=""
        if until is None
        else _("Nødtilgang til %(time)s, %(left)s. Du kan se, men ikke endre. Alt du gjør, blir kontrollert.")
        % {"time": dates.time(until), "left": minutes_left(until, ground.instant)},
        leave_url=reverse("access:leave", args=[ground.emergency.pk]) if ground.emergency else "",
        preview_url=reverse("access:preview", args=[patient.pk]),
        advice=_advice(ground),
        tasks=[_task(each, patient.pk, may=may) for each in found.tasks if each.kind != AccessTask.Kind.BREAK_GLASS],
        referrals=[_referral(each, found, may=may) for each in found.referrals],
        wishes=[_wish(each, found, may=may) for each in found.wishes],
        listed=[_item(each, found, may=may) for each in found.listed if ground.sees(each.facts)],
        blocks=[_block(each, found, may=may) for each in found.blocks],
        grants=[_grant(each, patient.pk, may=may) for each in found.grants],
        team=_team(found, patient.pk, may=may),
        actions=_main_actions(patient.pk) if may else {},
        confidential=_(
            "Det som kommer fra en konfidensiell enhet, ser foreldre til barn på 12–15 år bare når koden «Åpen (N)» "
            "er satt på hvert enkelt dokument, i tillegg til at henvisningen er åpnet."
        )
        if any(each.unit_id in found.confidential for each in found.referrals)
        else "",
    )


def _advice(ground: Footing) -> list[str]:
    found = [str(words.FLAGS[flag]) + _(". Oppslaget er merket i loggen.") for flag in ground.flags]
    band = ground.basis.band
    if band == Band.CHILD:
        found.append(
            _(
                "Barnet er under 12 år. Foreldre med foreldreansvar ser alt som ikke er merket NORN_FORANS. "
                "Vurderinger av henvisninger virker fra 12-årsdagen."
            )
        )
    if band in (Band.TWELVE, Band.YOUTH):
        found.append(_("Barnet er 12–15 år. Foreldrene ser bare det en behandler har vurdert og åpnet."))
    if band == Band.NEARLY_ADULT:
        found.append(
            _(
                "Pasienten er 16 eller 17 år. Foreldrene ser ingenting i portalen. Trenger de opplysninger for å "
                "oppfylle foreldreansvaret (pasient- og brukerrettighetsloven § 3-4 fjerde ledd): informer muntlig, "
                "og skriv hvorfor i journalen."
            )
        )
    return found


def _main_actions(patient_id: UUID) -> dict[str, Action]:
    return {
        "wish": Action(label=_("Skriv inn et ønske"), url=reverse("access:wish", args=[patient_id])),
        "block": Action(label=_("Steng for foreldre"), url=reverse("access:block", args=[patient_id])),
        "assign": Action(label=_("Tildel fullmakt"), url=reverse("access:assign", args=[patient_id])),
    }


def _task(task: AccessTask, patient_id: UUID, *, may: bool) -> Panel:
    close = Action(label=_("Lukk oppgaven"), url=reverse("access:close-task", args=[patient_id, task.pk]))
    facts = [Fact(_("Frist"), due_words(task))]
    if task.unit:
        facts.append(Fact(_("Enhet"), str(task.unit)))
    return Panel(heading=task_words(task), facts=facts, actions=[close] if may else [])


def _referral(referral: Referral, found: Case, *, may: bool) -> Panel:
    now = in_force(referral, found.instant)
    state, tone = words.outcome(now.outcome if now else None)
    facts = [Fact(_("Mottatt"), dates.plain_date(referral.received_at))]
    if referral.ended_at is not None:
        facts.append(Fact(_("Avsluttet"), dates.plain_date(referral.ended_at)))
    if referral.unit_id in found.confidential:
        facts.append(Fact(_("Konfidensiell enhet"), _("Ja")))
    facts += _assessment(now, found.names) if now else []
    for each in coming(referral, found.instant):
        facts.append(Fact(_("Deretter"), f"{dates.plain_date(each.starts_at)}: {words.outcome(each.outcome)[0]}"))
    return Panel(
        heading=str(referral.unit),
        state=state,
        tone=tone,
        facts=facts,
        actions=_referral_actions(referral, now) if may else [],
    )


def _referral_actions(referral: Referral, now: ReferralAssessment | None) -> list[Action]:
    args = [referral.patient_id, referral.pk]
    found = [Action(label=_("Vurder på nytt") if now else _("Vurder"), url=reverse("access:assess", args=args))]
    if now is not None:
        url = reverse("access:end-assessment", args=[referral.patient_id, now.pk])
        found.append(Action(label=_("Avslutt vurderingen"), url=url))
    return found


def _assessment(row: ReferralAssessment, names: Mapping[UUID, str]) -> list[Fact]:
    until = effective_end(row)
    return [
        Fact(_("Fra"), dates.moment(row.starts_at)),
        Fact(_("Til"), dates.moment(until) if until else _("Uten sluttdato")),
        Fact(_("Grunn"), words.say(words.EVERY_REASON, row.reason)),
        *([Fact(_("Begrunnelse"), row.note)] if row.note else []),
        Fact(_("Vurdert av"), _by(names.get(row.made_by), row.made_at)),
    ]


def _by(name: str | None, at: datetime) -> str:
    """Who and when; the day alone where nobody is named."""
    return f"{name}, {dates.plain_date(at)}" if name else dates.plain_date(at)


def _wish(wish: ChildWish, found: Case, *, may: bool) -> Panel:
    state, tone = words.WISHES[ChildWish.State(wish.state)]
    facts = [
        Fact(_("Skrevet inn"), _by(found.names.get(wish.recorded_by), wish.recorded_at)),
        *([Fact(_("Barnet sier"), wish.note)] if wish.note else []),
        *([Fact(_("Svar"), f"{wish.answer} ({dates.plain_date(wish.answered_at)})")] if wish.answered_at else []),
    ]
    open_still = wish.state in (ChildWish.State.PENDING, ChildWish.State.RESPECTED)
    answer = Action(label=_("Svar på ønsket"), url=reverse("access:answer-wish", args=[wish.child_id, wish.pk]))
    return Panel(
        heading=str(wish.referral.unit) if wish.referral else _("Alt"),
        state=str(state),
        tone=tone,
        facts=facts,
        actions=[answer] if may and open_still else [],
    )


def _item(each: Listed, found: Case, *, may: bool) -> Panel:
    unknown = [code for code in each.facts.codes if code not in KNOWN]
    codes = [words.say(words.CODES, code) for code in each.facts.codes] or [_("Ingen kode")]
    readings = found.readings.get(str(each.id), [])
    facts = [
        Fact(_("Fra"), f"{each.unit}, {dates.plain_date(each.at)}"),
        Fact(_("Koder"), ", ".join(codes)),
        Fact(_("Lest av"), ", ".join(_reading(*one, found.names) for one in readings) or _("Ingen")),
    ]
    url = reverse("access:codes", args=[each.patient_id, each.service.value, each.id])
    return Panel(
        heading=each.title,
        state=_("Ukjent kode, skjult for alle") if unknown else "",
        tone="danger" if unknown else "neutral",
        text=each.sort,
        facts=facts,
        actions=[Action(label=_("Sett koder"), url=url)] if may else [],
    )


def _reading(basis: str, reader: str, at: Any, names: Mapping[UUID, str]) -> str:  # noqa: ANN401 - an instant
    who = names.get(UUID(reader), "") or _("ukjent")
    return f"{who} ({words.say(words.KINDS, basis)}), {dates.plain_date(at)}"


def _block(block: LocalBlock, found: Case, *, may: bool) -> Panel:
    lasts = block.ended_at is None
    end = Action(label=_("Åpne igjen"), url=reverse("access:end-block", args=[block.child_id, block.pk]))
    facts = [
        Fact(_("Grunn"), words.say(words.BLOCK_REASONS, block.reason)),
        *([Fact(_("Begrunnelse"), block.note)] if block.note else []),
        Fact(_("Satt av"), _by(found.names.get(block.set_by), block.set_at)),
        *([Fact(_("Opphevet"), dates.plain_date(block.ended_at))] if block.ended_at else []),
    ]
    return Panel(
        heading=name_of(block.parent) if block.parent else _("Alle med foreldreansvar"),
        state=_("Stengt") if lasts else _("Opphevet"),
        tone="danger" if lasts else "neutral",
        facts=facts,
        actions=[end] if may and lasts else [],
    )


def _grant(grant: Any, patient_id: UUID, *, may: bool) -> Panel:  # noqa: ANN401 - a Fullmakt with its receiver
    assigned = grant.kind == grant.Kind.ASSIGNED
    end = Action(label=_("Avslutt"), url=reverse("access:end-assigned", args=[patient_id, grant.pk]))
    facts = [
        Fact(_("Type"), str(grant.Kind(grant.kind).label)),
        Fact(_("Gjelder"), ", ".join(words.say(words.SERVICES, area) for area in grant.areas)),
        Fact(_("Til"), dates.plain_date(grant.ends_at) if grant.ends_at else _("Uten sluttdato")),
        *([Fact(_("Bekreftelse"), grant.note)] if grant.note else []),
    ]
    return Panel(heading=name_of(grant.receiver), facts=facts, actions=[end] if may and assigned else [])


def _team(found: Case, patient_id: UUID, *, may: bool) -> list[Panel]:
    shut = {each.clinician_id: each for each in found.team.blocks}
    treating = {each.clinician_id: each for each in found.team.relations}
    panels = [
        _clinician(each.clinician, str(each.unit), shut.get(key), patient_id, may=may) for key, each in treating.items()
    ]
    panels += [
        Panel(heading=_("HPR-nummer %(number)s") % {"number": each.hpr_number}, text=str(each.unit))
        for each in found.team.members
    ]
    others = [each for key, each in shut.items() if key not in treating]
    return panels + [_clinician(each.clinician, "", each, patient_id, may=may) for each in others]


def _clinician(clinician: Person, unit: str, block: StaffBlock | None, patient_id: UUID, *, may: bool) -> Panel:
    if block is None:
        url = reverse("access:shut-out", args=[patient_id, clinician.pk])
        action = Action(label=_("Pasienten vil ikke ha denne behandleren"), url=url)
    else:
        action = Action(label=_("Opphev sperren"), url=reverse("access:let-in", args=[patient_id, block.pk]))
    return Panel(
        heading=name_of(clinician),
        state=_("Sperret av pasienten") if block else "",
        tone="danger",
        text=unit,
        actions=[action] if may else [],
    )
