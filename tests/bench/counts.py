"""Whether every list asks the database as often for two hundred letters as for one."""

import json
import sys
from collections.abc import Callable

import django

from tests.bench.figures import Figure
from tests.bench.ground import Ground

MANY = 200
PAGES = {
    "front page": ("reader", "/"),
    "inbox": ("reader", "/brev/"),
    "unread letters": ("reader", "/brev/?vis=uleste"),
    "clerks' tasks": ("clerk", "/behandler/brev/"),
    "clerks' letters found": ("clerk", "/behandler/brev/funnet/"),
    "clerks' groups": ("clerk", "/behandler/brev/grupper/"),
    "clerks' one group": ("clerk", "/behandler/brev/grupper/render_failed/innkalling/"),
    "operators' page": ("operator", "/drift/"),
}


def measure(ground: Ground) -> list[Figure]:
    """One figure for each list."""
    found = ground.measure("tests.bench.counts", "base")
    return [
        Figure(f"queries: {name}", "", many, "with 1 letter", one, many / one, at_most=1.0)
        for name, (one, many) in found.items()
    ]


def main() -> None:
    """Count with one letter of each kind, add the others, count again."""
    django.setup()
    from django.db import connection, transaction
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from letters.commands import rendering
    from portal.people.models import Role
    from tests.letters import making
    from tests.people.signed_in import signed_in

    pid = making.synthetic_pid()
    with transaction.atomic():
        reader = making.person(pid=pid)
        staff = making.person(name="Anne Bjørnsen")
        clients = {
            "reader": signed_in(Client(HTTP_HOST="localhost"), reader),
            "clerk": signed_in(Client(HTTP_HOST="localhost"), staff, [Role.CLERK]),
            "operator": signed_in(Client(HTTP_HOST="localhost"), making.person(name="Bo Eriksen"), [Role.OPERATOR]),
        }

    @transaction.atomic
    def add(count: int) -> None:
        for _ in range(count):
            making.decided(patient=reader, pid=pid)
            stuck = making.received(patient=reader, pid=pid)
            rendering.stop_unrendered(letter_id=stuck.id, code="font-missing")

    def queries(client: Client, path: str) -> int:
        client.get(path)
        with CaptureQueriesContext(connection) as seen:
            answer = client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return len(seen)

    count_all: Callable[[], dict[str, int]] = lambda: {  # noqa: E731 (used twice, here)
        name: queries(clients[who], path) for name, (who, path) in PAGES.items()
    }
    add(1)
    clients["clerk"].post("/behandler/brev/finn/", {"sought": pid})
    one = count_all()
    add(MANY - 1)
    many = count_all()
    sys.stdout.write(json.dumps({name: (one[name], many[name]) for name in PAGES}) + "\n")


if __name__ == "__main__":
    main()
