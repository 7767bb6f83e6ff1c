"""The great drill in small, so that the harness itself is tried on every run: real processes, killed for real."""

import os
import subprocess
import sys

from portal.demo.layout import ROOT
from tests.cores import on_every_core

SMALL = {
    "FAULTS_LETTERS": "60",
    "FAULTS_KILLS": "5",
    "FAULTS_FLUSHES": "2",
    "FAULTS_RESTARTS": "1",
    "FAULTS_READERS": "2",
    "FAULTS_MODES": "3",
    "FAULTS_DAYS": "4",
    "FAULTS_LEASE": "4",
    "FAULTS_GAP": "1.5",
    "FAULTS_SEED": "small",
}


def test_sixty_letters_survive_kills_flushes_and_a_restart() -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("COV_", "DJANGO_"))}
    command = [sys.executable, "-m", "tests.faults.drill"]
    with on_every_core():
        done = subprocess.run(command, cwd=ROOT, env=environment | SMALL, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-3000:]
    figures = {line[:40].strip(): line[40:].strip() for line in done.stdout.splitlines()}
    assert (figures["letters"], figures["kills (child / tree / parent)"][0]) == ("60", "5")
