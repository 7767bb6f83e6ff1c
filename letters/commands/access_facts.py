"""What an order tells about access: codes that nobody here knows."""

from letters.models import Letter
from youth_access.codes import KNOWN
from youth_access.commands import tasks
from youth_access.models import AccessTask


def ask_about_unknown_codes(letter: Letter) -> None:
    """A code we do not know may be newer and stricter than we are: the letter is hidden, and a person is asked."""
    if KNOWN.issuperset(letter.security_codes):
        return
    tasks.open_task(
        kind=AccessTask.Kind.UNKNOWN_CODE,
        patient_id=letter.person_id,
        subject=letter.id,
        unit_id=letter.unit_id,
    )
