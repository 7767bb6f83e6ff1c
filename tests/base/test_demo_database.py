"""A demo on a database of somebody's own choosing takes an empty one or its own, and never anybody else's rows."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from portal.demo import prepare
from portal.demo.errors import DemoError
from portal.demo.layout import Layout
from portal.embedded import postgres


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[postgres.PostgresServer]:
    server = postgres.start(tmp_path_factory.mktemp("elsewhere"), durable=False)
    yield server
    server.discard()


@pytest.fixture
def layout(server: postgres.PostgresServer, tmp_path: Path) -> Layout:
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    return Layout(tmp_path, 1, 2, 3, fresh=False, database_url=server.url, redis_url="")


def _run(layout: Layout, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(layout.database_url, autocommit=True) as connection:
        done = connection.execute(statement)
        return done.fetchall() if done.description else []


def test_an_empty_database_is_taken_and_remembered(layout: Layout) -> None:
    prepare.claim(layout)
    _run(layout, "CREATE TABLE letter (n int)")
    (layout.folder / "migrated").touch()
    prepare.claim(layout)
    assert _run(layout, "SELECT count(*) FROM letter") == [(0,)]


@pytest.mark.parametrize("fresh", [False, True])
def test_somebody_elses_tables_are_left_alone(layout: Layout, fresh: bool) -> None:
    _run(layout, "CREATE TABLE payroll (n int)")
    with pytest.raises(DemoError, match="no demo made"):
        prepare.claim(replace(layout, fresh=fresh))
    assert _run(layout, "SELECT count(*) FROM payroll") == [(0,)]


def test_a_demo_of_another_folder_is_not_mixed_in_but_may_be_started_over(layout: Layout) -> None:
    prepare.claim(layout)
    _run(layout, "CREATE TABLE letter (n int)")
    with pytest.raises(DemoError, match="FRESH=1"):
        prepare.claim(layout)
    prepare.claim(replace(layout, fresh=True))
    assert _run(layout, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == [(0,)]


def test_a_database_that_does_not_answer_is_named(layout: Layout) -> None:
    with pytest.raises(DemoError, match="DATABASE_URL cannot be used"):
        prepare.claim(replace(layout, database_url="postgresql://portal:wrong@127.0.0.1:1/portal"))
