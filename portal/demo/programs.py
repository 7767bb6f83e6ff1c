"""Which processes a demo runs. docker-compose.yml runs the same ones for production-like use."""

import sys

from portal.demo.layout import Layout
from portal.demo.process import Program

PORTAL_SETTINGS = {"DJANGO_SETTINGS_MODULE": "portal.config.settings"}
STANDINS_SETTINGS = {"DJANGO_SETTINGS_MODULE": "portal.counterparts.standins.settings"}
STANDINS = "standins"
CELERY_APPLICATION = "portal.config.celery:app"
RENDER_QUEUES = "render"
OTHER_QUEUES = "letters,notices,post,receipts,hospital,periodic"


def standins(layout: Layout) -> Program:
    """The stand-in counterparts: one worker, because their state lies in its memory."""
    options = ["--workers", "1", "--blocking-threads", "64"]
    command = _granian("portal.counterparts.standins.wsgi:application", layout.standins_port, options)
    return Program(STANDINS, command, STANDINS_SETTINGS)


def web(layout: Layout) -> Program:
    """The portal's pages and its FHIR door."""
    options = ["--workers", "2", "--blocking-threads", "4", "--respawn-failed-workers"]
    return Program("web", _granian("portal.config.wsgi:application", layout.port, options), PORTAL_SETTINGS)


def workers(layout: Layout) -> list[Program]:
    """One worker that only renders, so that a heap of letters delays nothing else, and one for all the rest."""
    return [
        _worker("render", RENDER_QUEUES, processes=1),
        _worker("worker", OTHER_QUEUES, processes=2),
        _celery("beat", ["beat", "--schedule", str(layout.folder / "beat-schedule"), "--pidfile=", "--loglevel=INFO"]),
    ]


def flower(layout: Layout, password: str) -> Program:
    """The operators' view of the workers: read-only, with a password, on loopback."""
    command = ["flower", "--address=127.0.0.1", f"--port={layout.flower_port}"]
    secret = {
        "FLOWER_BASIC_AUTH": f"drift:{password}",
        "FLOWER_READ_ONLY": "true",
        "FLOWER_UNAUTHENTICATED_API": "false",
    }
    program = _celery("flower", command)
    return Program(program.name, program.command, {**program.environment, **secret})


def _granian(application: str, port: int, options: list[str]) -> list[str]:
    address = ["--host", "127.0.0.1", "--port", str(port)]
    return [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", *address, *options, application]


def _worker(name: str, queues: str, *, processes: int) -> Program:
    options = ["--queues", queues, "--concurrency", str(processes), "--hostname", f"{name}@%h", "--loglevel=INFO"]
    return _celery(name, ["worker", *options, "--without-gossip", "--without-mingle"])


def _celery(name: str, arguments: list[str]) -> Program:
    command = [sys.executable, "-m", "celery", "--app", CELERY_APPLICATION, "--quiet", *arguments]
    return Program(name, command, PORTAL_SETTINGS)
