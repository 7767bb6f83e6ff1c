"""The integration guide names every problem code there is, and its own example is taken."""

import json
import re
from pathlib import Path

import pytest

from tests.fhir.orders import PID, body, encoded, pdf, taken

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "integration.md").read_text(encoding="utf-8")
SOURCES = [
    *sorted(ROOT.glob("letters/fhir*.py")),
    ROOT / "letters/api.py",
    *sorted(set(ROOT.glob("appointments/fhir*.py")) | set(ROOT.glob("appointments/api*.py"))),
    ROOT / "portal/people/fhir_patient.py",
    ROOT / "youth_access/fhir_labels.py",
    *sorted(set(ROOT.glob("portal/fhir/*.py")) - {ROOT / "portal/fhir/outcomes.py"}),
]
ISSUES = (
    "invalid|structure|required|value|code-invalid|not-found|not-supported|too-long|too-costly|conflict|"
    "business-rule|login|forbidden|throttled|transient|exception"
)
CODE = re.compile(rf'"(?:{ISSUES})",\s*"([a-z][a-z0-9-]+)"')


def codes_in_the_source() -> set[str]:
    return {code for source in SOURCES for code in CODE.findall(source.read_text(encoding="utf-8"))}


def test_the_source_is_read() -> None:
    assert {"title-missing", "key-reused", "token-missing", "element-unknown"} <= codes_in_the_source()


@pytest.mark.parametrize("code", sorted(codes_in_the_source()))
def test_every_code_is_in_the_guide(code: str) -> None:
    assert f"`{code}`" in GUIDE


def test_the_guides_example_is_taken() -> None:
    block = re.search(r"```json\n(\{\"resourceType\": \"CommunicationRequest\".*?)```", GUIDE, re.DOTALL)
    assert block is not None
    html, enclosure = encoded("<p>Du har fått time.</p>"), encoded(pdf())
    text = block[1].replace("<fødselsnummer>", PID).replace("<RESH-id>", "100082")
    text = text.replace("<base64>", html, 1).replace("<base64>", enclosure, 1)
    assert taken(json.loads(text)).title == body()["payload"][0]["contentString"]
