"""Signs a reader and a hospital's system in without a browser, for the measuring client: prints cookie and token.

`python -m tests.bench.visitor` in a database that `rows` has filled.
"""

import json
import sys
from datetime import timedelta

import django

SYSTEM = "bench"


def main() -> None:
    """One session that our pages and the plain page both take, and one token."""
    django.setup()
    from django.conf import settings
    from django.db import transaction
    from django.test import Client

    from letters.models import Letter
    from portal.fhir import tokens
    from portal.fhir.models import ApiClient
    from tests.fhir.clients import ALL_SCOPES, System
    from tests.letters.making import synthetic_pid
    from tests.people.signed_in import signed_in

    reader = Letter.objects.select_related("person").get(source_key__endswith="MOULD").person
    settings.OAUTH_TOKEN_LIFETIME = timedelta(hours=1)
    with transaction.atomic():
        client = signed_in(Client(), reader)
        session = client.session
        session["person"] = str(reader.pk)
        session.save()
        system = ApiClient.objects.filter(client_id=SYSTEM).first() or System(SYSTEM).register()
        token = tokens.issue(client=system, scopes=ALL_SCOPES)
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.session.session_key}"
    sys.stdout.write(json.dumps({"cookie": cookie, "token": token, "pid": synthetic_pid()}) + "\n")


if __name__ == "__main__":
    main()
