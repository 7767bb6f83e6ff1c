"""How long things live here, and what is known of a service that sends people."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from portal.counterparts.identity import CLIENT_KEYS_PATH, SIGNED_OUT_PATH

REQUEST_LIVES: Final = timedelta(seconds=120)
PAGE_LIVES: Final = timedelta(minutes=15)
CODE_LIVES: Final = timedelta(seconds=60)
TOKEN_LIVES: Final = timedelta(seconds=120)
PROOF_LIVES: Final = timedelta(seconds=60)
NONCE_LIVES: Final = timedelta(minutes=5)
SESSION_LIVES: Final = timedelta(minutes=30)


@dataclass(frozen=True)
class Client:
    """A service that may send people here."""

    client_id: str
    name: str
    origin: str
    callback_path: str
    logout_path: str

    @property
    def redirect_uri(self) -> str:
        """The one address codes are sent to."""
        return f"{self.origin}{self.callback_path}"

    @property
    def keys_address(self) -> str:
        """Where the service publishes its keys."""
        return f"{self.origin}{CLIENT_KEYS_PATH}"

    @property
    def frontchannel_logout(self) -> str:
        """The address that is called in a frame when the session ends."""
        return f"{self.origin}{self.logout_path}"

    @property
    def signed_out_uri(self) -> str:
        """The one address people may be sent to after signing out."""
        return f"{self.origin}{SIGNED_OUT_PATH}"
