"""The database backend named in the settings."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.backends.postgresql import base
from django.db.backends.utils import debug_transaction

from portal.kernel import reach


class DatabaseWrapper(base.DatabaseWrapper):
    """Tells PostgreSQL the reach at the start of every transaction, and gives a lone statement one of its own."""

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - Django's own, handed on
        super().__init__(*arguments, **options)
        self.execute_wrappers.append(self._in_a_transaction)

    def set_autocommit(
        self,
        autocommit: bool,
        force_begin_transaction_with_broken_autocommit: bool = False,
    ) -> None:
        """Begin or end a transaction; one that begins learns its reach first."""
        super().set_autocommit(autocommit, force_begin_transaction_with_broken_autocommit)
        wanted = reach.present()
        if not autocommit and not force_begin_transaction_with_broken_autocommit and wanted is not None:
            reach.tell(wanted)

    def _start_transaction_under_autocommit(self) -> None:
        """Begin, and say the reach, in one journey to the server; the framework calls this for every outermost block.

        The driver is left in autocommit: it would send a BEGIN of its own, and then the reach by itself.
        """
        wanted = reach.present()
        with debug_transaction(self, "BEGIN"), self.wrap_database_errors, self.connection.cursor() as cursor:
            if wanted is None:
                cursor.execute("BEGIN")
            else:
                cursor.execute(f"BEGIN; {reach.SAY}", reach.words(wanted))

    def _in_a_transaction(
        self,
        execute: Callable[..., Any],
        sql: str,
        params: Any,  # noqa: ANN401 - as Django's cursor takes them
        many: bool,
        context: dict[str, Any],
    ) -> Any:  # noqa: ANN401 - as Django's cursor gives it
        if self.in_atomic_block or not self.get_autocommit() or reach.present() is None:
            return execute(sql, params, many, context)
        with transaction.atomic(using=self.alias):
            return execute(sql, params, many, context)
