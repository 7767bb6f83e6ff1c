"""OperationOutcome: every problem at once, each naming its element, none repeating what was sent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.functional import Promise

PROBLEM_SYSTEM = "https://dis-portal.example/fhir/problem"
PAGE_EXTENSION = "https://dis-portal.example/fhir/StructureDefinition/page"
MOST_ISSUES = 100
_MOST_PAGES = 50

# The codes of http://hl7.org/fhir/issue-type that this portal uses.
IssueType = Literal[
    "invalid",
    "structure",
    "required",
    "value",
    "code-invalid",
    "not-found",
    "not-supported",
    "too-long",
    "too-costly",
    "conflict",
    "business-rule",
    "login",
    "forbidden",
    "throttled",
    "transient",
    "exception",
]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    `code` is this portal's own stable word for it (docs/integration.md lists them), `expression` a FHIRPath to the
    element or empty, `pages` the pages of a PDF, counted from 1.
    """

    issue: IssueType
    code: str
    text: str | Promise
    expression: str = ""
    pages: tuple[int, ...] = ()


def operation_outcome(problems: Sequence[Problem]) -> dict[str, Any]:
    """The resource that says all of it; the texts are put into the language of the present request."""
    return {"resourceType": "OperationOutcome", "issue": [_issue(problem) for problem in problems[:MOST_ISSUES]]}


def without_repeats(problems: Iterable[Problem]) -> list[Problem]:
    """Problems in their order, with those that say the same of the same element said once."""
    return list({(one.code, one.expression, one.pages, str(one.text)): one for one in problems}.values())


def _issue(problem: Problem) -> dict[str, Any]:
    text = str(problem.text)
    issue: dict[str, Any] = {
        "severity": "fatal" if problem.issue == "exception" else "error",
        "code": problem.issue,
        "details": {"coding": [{"system": PROBLEM_SYSTEM, "code": problem.code}], "text": text},
        "diagnostics": text,
    }
    if problem.expression:
        issue["expression"] = [problem.expression]
    if problem.pages:
        issue["extension"] = [{"url": PAGE_EXTENSION, "valuePositiveInt": page} for page in problem.pages[:_MOST_PAGES]]
    return issue
