"""Parents' consent to a youth's own access, in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal.ui import dates
from youth_access.acting_words import named
from youth_access.eyes import Eyes
from youth_access.models import YouthConsent
from youth_access.queries.grants import last_consents


@dataclass(frozen=True)
class Child:
    """One child of the viewer's, and what was said last."""

    person_id: str
    name: str
    stands: bool
    text: str


def child_rows(children: Sequence[Eyes]) -> list[Child]:
    """Each child with the last word about them. One query besides the children's own."""
    last = last_consents([eyes.patient_id for eyes in children])
    return [_child(eyes, last.get(eyes.patient_id)) for eyes in children]


def status_text(last: YouthConsent | None, *, stands: bool) -> str:
    """What was said last, by whom and when; a yes stands as long as whoever gave it has responsibility."""
    if last is None:
        return _("Ingen har samtykket.")
    words = {"who": last.parent.name, "when": dates.moment(last.at)}
    if stands:
        return _("%(who)s samtykket %(when)s.") % words
    if last.gives:
        return _("%(who)s samtykket %(when)s. Samtykket gjelder ikke lenger.") % words
    return _("%(who)s trakk samtykket %(when)s.") % words


def _child(eyes: Eyes, last: YouthConsent | None) -> Child:
    return Child(
        person_id=str(eyes.patient_id),
        name=named(eyes.patient_name, eyes.whose.birth_date),
        stands=eyes.patient.youth_consent,
        text=status_text(last, stands=eyes.patient.youth_consent),
    )
