"""Someone signed in on Django's test client, without ID-porten: the session's own row stands behind the cookie.

Clinicians come in as through HelseID, with an HPR number and an employer.
"""

from collections.abc import Collection

from django.test import Client

from portal.kernel import clock
from portal.kernel.actor import system
from portal.people import sessions
from portal.people.commands import account_for, grant_role
from portal.people.models import Person, Role
from portal.people.queries import roles_of

HPR_NUMBER = "9144900"
EMPLOYER = "983974899"


def signed_in(client: Client, person: Person, roles: Collection[Role] = ()) -> Client:
    """The client, signed in as this person, who now holds these roles."""
    for role in roles:
        grant_role(person=person, role=role, by=system("tests"))
    client.force_login(account_for(person))
    key = client.session.session_key
    assert key is not None
    staff_claims = {"hpr_number": HPR_NUMBER, "organisation": EMPLOYER} if Role.CLINICIAN in roles_of(person) else {}
    sessions.begin(
        session_key=key,
        person=person,
        issuer="https://issuer.example",
        sid=key[:20],
        assurance="idporten-loa-high",
        authenticated_at=clock.real_now(),
        **staff_claims,
    )
    return client
