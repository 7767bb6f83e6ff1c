"""Who people are: persons, the account they sign in with, staff roles, hospital units and signed-in sessions.

The national identity number lives in two columns, both unreadable without a key: `Person.pid_sealed` (AES-256-GCM,
bound to its own row) and `Person.pid_index` (HMAC, for finding a person by number), and in their twins in
`FormerNumber` for numbers a person has had. Everything else refers to a person by UUID. Accounts hold no name and no
address, so support staff and logs cannot leak them.
"""

from portal.people.models.family import Guardianship, ParentalResponsibility, ParentLink, RegisterFeed, SharedHome
from portal.people.models.person import Account, AccountManager, FormerNumber, Language, Person, Role
from portal.people.models.session import SignInSession
from portal.people.models.staff import StaffRole, Unit

__all__ = [
    "Account",
    "AccountManager",
    "FormerNumber",
    "Guardianship",
    "Language",
    "ParentLink",
    "ParentalResponsibility",
    "Person",
    "RegisterFeed",
    "Role",
    "SharedHome",
    "SignInSession",
    "StaffRole",
    "Unit",
]
