"""What every page's frame needs while somebody acts for somebody else."""

from dataclasses import dataclass
from typing import TypedDict

from django.http import HttpRequest

from youth_access.acting_choices import is_open
from youth_access.acting_words import banner_text
from youth_access.eyes import eyes_of
from youth_access.middleware import STAFF_PAGES


@dataclass(frozen=True)
class Acting:
    """Whom the page is about, and who looks. `first_name` stands in the page's title."""

    text: str
    first_name: str
    viewer_name: str


class ActingContext(TypedDict):
    """The name this adds to every page."""

    acting: Acting | None


def acting(request: HttpRequest) -> ActingContext:
    """The banner's words; None where one is oneself, signed out, or in the back office."""
    eyes = eyes_of(request)
    if eyes is None or not eyes.acting_for_another or request.path.startswith(STAFF_PAGES) or not is_open(eyes):
        return {"acting": None}
    text = banner_text(eyes.patient_name, eyes.whose.birth_date, eyes.relation.kind)
    return {"acting": Acting(text, eyes.patient_name.split(" ")[0], eyes.viewer.display_name)}
