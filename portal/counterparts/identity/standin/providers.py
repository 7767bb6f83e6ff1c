"""The two providers played here: where they are, which levels they know, and the one service registered with each."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings

from portal.counterparts.identity import (
    CALLBACK_PATH,
    FRONTCHANNEL_LOGOUT_PATH,
    STAFF_CALLBACK_PATH,
    STAFF_FRONTCHANNEL_LOGOUT_PATH,
)
from portal.counterparts.identity.standin.config import Client
from portal.counterparts.identity.standin.state import Memory

NO_ORGANISATION: Final = "ingen"
ORGANISATIONS: Final = {
    "983974899": "Universitetssykehuset Nord-Norge HF",
    "983974910": "Nordlandssykehuset HF",
    "983974880": "Finnmarkssykehuset HF",
    "983974929": "Helgelandssykehuset HF",
}
"""The employers one may sign in on behalf of at HelseID, by their numbers in Enhetsregisteret."""


@dataclass(frozen=True)
class Provider:
    """One provider. `levels` are codes and words, highest first; `methods` what is told as the means of signing in.

    `bound`: codes and tokens are bound to the caller's key (DPoP).
    """

    lever: str
    name: str
    mark: str
    issuer: str
    cookie: str
    levels: Mapping[str, str]
    usual_level: str
    methods: Mapping[str, str]
    scopes: tuple[str, ...]
    client: Client
    for_staff: bool = False
    bound: bool = False
    memory: Memory = field(default_factory=Memory)

    @property
    def path(self) -> str:
        """Where its cookie is sent."""
        return urlsplit(self.issuer).path or "/"

    @property
    def secure(self) -> bool:
        """Whether it is reached over TLS."""
        return self.issuer.startswith("https:")

    def client_named(self, client_id: str) -> Client | None:
        """The registered service of this name."""
        return self.client if client_id == self.client.client_id else None

    def level(self, wanted: str, otherwise: str) -> str:
        """A level by its code, with or without the common beginning."""
        for code in (wanted, f"idporten-loa-{wanted}", wanted.removeprefix("Level")):
            if code in self.levels:
                return code
        return otherwise


IDPORTEN: Final = Provider(
    lever="identity",
    name="ID-porten",
    mark="ID",
    issuer=settings.IDENTITY_ISSUER,
    cookie="identity_session",
    levels={
        "idporten-loa-high": "Høyt (BankID, Buypass, Commfides)",
        "idporten-loa-substantial": "Betydelig (MinID)",
        "idporten-loa-low": "Lavt",
    },
    usual_level="idporten-loa-substantial",
    methods={"idporten-loa-high": "BankID", "idporten-loa-substantial": "Minid", "idporten-loa-low": "SelfReg"},
    scopes=("openid", "profile"),
    client=Client(
        client_id=os.environ.get("IDPORTEN_CLIENT_ID", "dis-portal"),
        name="Min helse",
        origin=settings.PORTAL_URL,
        callback_path=CALLBACK_PATH,
        logout_path=FRONTCHANNEL_LOGOUT_PATH,
    ),
)

HELSEID: Final = Provider(
    lever="helseid",
    name="HelseID",
    mark="H",
    issuer=f"{settings.IDENTITY_ISSUER}/helseid",
    cookie="helseid_session",
    levels={"4": "Nivå 4 (BankID, Buypass, Commfides)", "3": "Nivå 3 (MinID)"},
    usual_level="3",
    methods={"4": "external", "3": "external"},
    scopes=(
        "openid",
        "profile",
        "helseid://scopes/identity/pid",
        "helseid://scopes/identity/security_level",
        "helseid://scopes/hpr/hpr_number",
    ),
    client=Client(
        client_id=os.environ.get("HELSEID_CLIENT_ID", "dis-portal-ansatt"),
        name="Min helse for ansatte",
        origin=settings.PORTAL_URL,
        callback_path=STAFF_CALLBACK_PATH,
        logout_path=STAFF_FRONTCHANNEL_LOGOUT_PATH,
    ),
    for_staff=True,
    bound=True,
)
