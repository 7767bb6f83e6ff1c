"""Rows from before the chain get their fingerprint and wait for their seal."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from portal.audit import chain
from portal.audit.models import AuditRow, Unsealed
from portal.audit.verification import verify
from tests.audit.written import as_owner, write

pytestmark = pytest.mark.django_db


def test_older_rows_are_taken_into_the_chain() -> None:
    old = write(basis="self")
    as_owner("UPDATE audit_auditrow SET digest = '', result = '', acp = '' WHERE id = %s", old.pk)
    Unsealed.objects.all().delete()
    migration = import_module("portal.audit.migrations.0004_chain_guards")
    with connection.schema_editor(atomic=False) as editor:
        migration.give_older_rows_their_fingerprint(apps, editor)
    assert bytes(AuditRow.objects.get().digest) != bytes(old.digest)
    assert verify().waiting == 1
    chain.seal_waiting()
    assert verify().findings == []
