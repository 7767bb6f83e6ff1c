"""What a FHIR view raises when it refuses."""

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise

from portal.fhir.outcomes import IssueType, Problem
from portal.kernel.errors import FinalError


class FhirRefusal(FinalError):
    """An answer other than the one hoped for: an HTTP status, and every problem that led to it."""

    def __init__(self, status: int, problems: Sequence[Problem], headers: Mapping[str, str] | None = None) -> None:
        super().__init__(problems[0].code if problems else "refused")
        self.status = status
        self.problems = tuple(problems)
        self.headers = dict(headers or {})


def refuse(status: int, issue: IssueType, code: str, text: str | Promise, expression: str = "") -> FhirRefusal:
    """A refusal with one problem."""
    return FhirRefusal(status, [Problem(issue, code, text, expression)])
