"""What the stand-ins do later: post a sheet, deliver a message, and tell the portal so by a signed callback.

Times are on the shared clock. A portal that does not answer is told again, at growing intervals, until it does.
"""

import logging
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import Final

from django.conf import settings

from portal.counterparts.client import CounterpartClient
from portal.counterparts.errors import CounterpartDown
from portal.counterparts.standins.store import Row, store
from portal.kernel import clock
from portal.kernel.errors import FinalError, PortalError

log = logging.getLogger(__name__)

TICK_SECONDS: Final = 0.25
BATCH: Final = 500
LONGEST_PAUSE_SECONDS: Final = 4.0
LONGEST_WAIT_SECONDS: Final = 30.0
MOST_REFUSALS: Final = 8
SECONDS_TO_ANSWER: Final = 10.0


def tell(*, at: datetime, ref: str, path: str, body: Row) -> None:
    """Let the portal know at an instant; `body` must carry an `event_id`."""
    store().add_job("tell", at.timestamp(), ref, {"path": path, "body": body, "tries": 0})


def happen(*, at: datetime, ref: str, kind: str, key: str, state: str) -> None:
    """Change the state of a kept row at an instant."""
    store().add_job("happen", at.timestamp(), ref, {"kind": kind, "key": key, "state": state})


def start() -> None:
    """Begin to work, in a thread that ends with the process."""
    Thread(target=_work, name="courier", daemon=True).start()


def run_due(client: CounterpartClient) -> bool:
    """Do what is due. False where the portal is away, so that the rest can wait."""
    now = clock.now().timestamp()
    for number, job in store().due_jobs("happen", now, BATCH):
        _let_happen(job)
        store().drop_job(number)
    return all(_portal_was_there(client, number, job) for number, job in store().due_jobs("tell", now, BATCH))


def _work() -> None:
    client = CounterpartClient(
        base_url=settings.PORTAL_URL, secret=settings.COUNTERPART_SECRET, seconds=SECONDS_TO_ANSWER
    )
    wait = TICK_SECONDS
    pause = Event()
    while not pause.wait(wait):
        try:
            wait = TICK_SECONDS if run_due(client) else min(wait * 2, LONGEST_PAUSE_SECONDS)
        except Exception:
            log.exception("the courier stumbled")
            wait = LONGEST_PAUSE_SECONDS


def _let_happen(job: Row) -> None:
    with store().held():
        row = store().get(job["kind"], job["key"])
        if row is not None:
            store().put(job["kind"], job["key"], row | {"state": job["state"]})


def _portal_was_there(client: CounterpartClient, number: int, job: Row) -> bool:
    """Tell one event. An answer that is not a yes is told again later, a no only so many times."""
    body = job["body"]
    try:
        client.tell(job["path"], body=body)
    except CounterpartDown as failure:
        _note(body, told=False, answer=failure.code)
        return False
    except PortalError as failure:
        _note(body, told=False, answer=failure.code)
        _again_later(number, job, final=isinstance(failure, FinalError))
        return True
    _note(body, told=True, answer="ok")
    store().drop_job(number)
    return True


def _again_later(number: int, job: Row, *, final: bool) -> None:
    tries = job["tries"] + 1
    if final and tries >= MOST_REFUSALS:
        store().drop_job(number)
        return
    again = clock.now() + timedelta(seconds=min(2.0**tries, LONGEST_WAIT_SECONDS))
    store().postpone_job(number, again.timestamp(), job | {"tries": tries})


def _note(body: Row, *, told: bool, answer: str) -> None:
    """Keep what was told, for the page people read."""
    event = body["event_id"]
    before = store().get("told", event) or {"times": 0}
    row = {**body, "told": told, "answer": answer, "times": before["times"] + told, "at": clock.now().isoformat()}
    store().put("told", event, row)
