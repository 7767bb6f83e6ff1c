"""What each kept version decides, as it was when it was signed: one short hash for each kind of relation.

A hash that no longer fits says that old decisions cannot be made again. A rule in force is never mended in place:
it gets a new version, and a new line here.
"""

import hashlib
from itertools import product

import pytest

from tests.youth_access import rule_sets
from tests.youth_access.test_enumeration import opened
from youth_access.facts import Kind, Service
from youth_access.table import Table, versions

GOLDEN: dict[str, dict[str, str]] = {
    "2026-11-01:b85082d4812a": {
        "self": "e11b64bc7848",
        "FO": "2d1cff03c268",
        "VE": "d5b4a6d25fca",
        "FU": "87cea7a5bb66",
        "TD": "145baf39fa97",
        "parent_without": "bfc0b68ba31f",
        "unusable": "7e93ab6e0ed4",
        "care_staff": "85446f116577",
        "stranger": "6c6c6bd466ad",
        "clinician": "5d18f35ef6db",
        "emergency": "af852e606027",
        "clerk": "8501a568356f",
        "operator": "7eac4954cb6f",
    },
}


def decided(table: Table, kind: Kind) -> str:
    """The hash of every enumerated decision about one kind of relation, with all switches as they stand and opened."""
    found = hashlib.sha256()
    for switches, service in product(((), tuple(table.switches)), Service):
        for outcome, bits in rule_sets.taken(opened(table, *switches), kind, service).items():
            found.update(f"{service}{outcome}{bits:x}".encode())
    return found.hexdigest()[:12]


@pytest.mark.parametrize("table", versions(), ids=lambda table: table.version)
def test_a_kept_version_still_decides_as_it_did(table: Table) -> None:
    assert {kind.value: decided(table, kind) for kind in Kind} == GOLDEN.get(table.version)
