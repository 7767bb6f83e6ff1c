"""Tells whether anything in the audit was changed, cut or slipped in, and exactly which rows."""

from argparse import ArgumentParser, ArgumentTypeError
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError

from portal.audit import fingerprints, rounds
from portal.audit.verification import Anchor, Finding
from portal.kernel import reach

_WORDS: Final = {
    "row_changed": "changed since written: row",
    "row_gone": "cut out: row",
    "row_slipped_in": "slipped in, never written by the portal: row",
    "row_unsealed": "in no seal and not waiting for one, its seal is gone or it is a copy: row",
    "seal_changed": "seal does not fit its content or the seal before it: seal",
    "seal_gone": "seal is gone: seal",
    "note_changed": "what an earlier verification noted is changed: note",
    "anchor_gone": "the chain does not hold the anchor given, its end was cut or it was made anew: seal",
}


class Command(BaseCommand):
    """Exit code 1 when anything is wrong. Needs the portal's own PORTAL_INDEX_KEY."""

    help = "Verify the audit's fingerprints and its chain of seals."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The anchor kept from an earlier run."""
        parser.add_argument("--anchor", type=_anchor, help="NUMBER:DIGEST, as an earlier run printed it")

    def handle(self, *args: object, **options: Any) -> None:  # noqa: ANN401 - the framework's signature
        """Go through everything, name what is wrong, and print the anchor to keep."""
        with reach.everyone("verify_audit"):
            verdict = rounds.whole_at_once(options["anchor"])
        for finding in verdict.findings:
            self.stdout.write(_line(finding))
        self.stdout.write(f"{verdict.sealed} rows in {verdict.seals} seals, {verdict.waiting} rows waiting")
        if verdict.anchor.number:
            self.stdout.write(f"anchor {verdict.anchor}")
        if verdict.findings:
            raise CommandError("the audit is not as it was written")


def _line(finding: Finding) -> str:
    within = f" (sealed in {finding.seal})" if finding.seal is not None else ""
    return f"{_WORDS[finding.fault]} {_ranges(finding.ids)}{within}"


def _ranges(ids: tuple[int, ...]) -> str:
    """Numbers with what follows on one another drawn together: "3, 7-9"."""
    runs: list[list[int]] = []
    for each in ids:
        if runs and each == runs[-1][-1] + 1:
            runs[-1] = [runs[-1][0], each]
        else:
            runs.append([each])
    return ", ".join("-".join(str(end) for end in run) for run in runs)


def _anchor(text: str) -> Anchor:
    number, _colon, digest = text.partition(":")
    try:
        anchor = Anchor(int(number), fingerprints.read(digest))
    except ValueError:
        anchor = Anchor()
    if anchor.number < 1 or len(anchor.digest) != fingerprints.SIZE:
        raise ArgumentTypeError("an anchor is NUMBER:DIGEST")
    return anchor
