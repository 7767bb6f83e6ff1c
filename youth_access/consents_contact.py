"""Whether notices about a youth would land on a parent's telephone or in a parent's mailbox."""

import logging
from typing import Final

from django.db.models import Q

from portal.counterparts.contact_register import ContactRegister
from portal.kernel.errors import PortalError
from portal.people.contact_points import points
from portal.people.models import Person
from portal.people.queries import pid_of

_LOG: Final = logging.getLogger("portal.register")


def shares_contact_with_parent(register: ContactRegister, youth: Person) -> bool:
    """Whether the contact register has the same mobile or e-mail for the youth and a parent.

    False also where it does not answer: the warning is a help, and is never relied on.
    """
    parents = Person.objects.filter(
        Q(child_links__child=youth) | Q(responsible_for__child=youth, responsible_for__ended_on=None)
    ).distinct()
    try:
        own = set(points(register.look_up(pid_of(youth))).values())
        return bool(own) and any(own & set(points(register.look_up(pid_of(each))).values()) for each in parents)
    except PortalError as failure:
        _LOG.warning("contact register not asked about a youth", extra={"code": failure.code})
        return False
