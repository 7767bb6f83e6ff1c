"""Seals small secrets (identity numbers) in the database, and finds them again without opening them.

AES-256-GCM with a fresh nonce for each seal. The blob names its key, so keys can be changed one row at a time, and the
seal is bound to the table, row and column it was made for: a value copied to another row does not open. A wrong or
missing key is an error, never a guess. The blind index is HMAC-SHA256 under a key of its own.

Keys come from the settings `PORTAL_SEALING_KEYS` ("id:base64,…", 32 bytes each; the first seals, all of them open) and
`PORTAL_INDEX_KEY` (any text of 32 characters or more; it must never change, or nobody is found).
"""

import base64
import binascii
import hashlib
import hmac
import os
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from portal.kernel.errors import FinalError

_FORMAT: Final = 1
_NONCE_BYTES: Final = 12
_KEY_BYTES: Final = 32
_LEAST_INDEX_KEY: Final = 32


class SealBroken(FinalError):
    """A sealed value cannot be opened: unknown key, wrong place, or altered bytes. Carries a code only."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed value belongs; it opens nowhere else."""

    table: str
    row: str
    column: str

    def bound_to(self, key_id: str) -> bytes:
        """The bytes that bind a seal to this place and key; each part is preceded by its length."""
        parts = [part.encode() for part in (self.table, self.row, self.column, key_id)]
        return bytes([_FORMAT]) + b"".join(len(part).to_bytes(2, "big") + part for part in parts)


@lru_cache(maxsize=8)
def _keyring(configured: str) -> dict[str, AESGCM]:
    """All keys by id, the sealing one first. Messages name ids, never key material."""
    ring: dict[str, AESGCM] = {}
    for entry in configured.split(","):
        key_id, _, encoded = entry.strip().partition(":")
        if not key_id or key_id in ring or len(key_id.encode()) > 255:
            raise ImproperlyConfigured("PORTAL_SEALING_KEYS: key ids must be present and different from each other")
        try:
            key = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError):
            raise ImproperlyConfigured(f"PORTAL_SEALING_KEYS: key {key_id} is not base64") from None
        if len(key) != _KEY_BYTES:
            raise ImproperlyConfigured(f"PORTAL_SEALING_KEYS: key {key_id} must be 32 bytes")
        ring[key_id] = AESGCM(key)
    return ring


def _keys() -> dict[str, AESGCM]:
    return _keyring(settings.PORTAL_SEALING_KEYS)


def sealing_key_id() -> str:
    """The id of the key that seals new values."""
    return next(iter(_keys()))


def seal(text: str, place: Place) -> bytes:
    """Seal a text for one place under the newest key."""
    key_id = sealing_key_id()
    name = key_id.encode()
    nonce = os.urandom(_NONCE_BYTES)
    sealed = _keys()[key_id].encrypt(nonce, text.encode(), place.bound_to(key_id))
    return bytes([_FORMAT, len(name)]) + name + nonce + sealed


def key_id_of(blob: bytes) -> str:
    """Which key a value is sealed under. Raises `SealBroken` for bytes that are not a seal."""
    if len(blob) < 2 or blob[0] != _FORMAT or len(blob) < 2 + blob[1] + _NONCE_BYTES:
        raise SealBroken("not_a_seal")
    try:
        return blob[2 : 2 + blob[1]].decode()
    except UnicodeDecodeError:
        raise SealBroken("not_a_seal") from None


def unseal(blob: bytes, place: Place) -> str:
    """Open a value sealed for this place. Raises `SealBroken` on any doubt."""
    blob = bytes(blob)
    key_id = key_id_of(blob)
    key = _keys().get(key_id)
    if key is None:
        raise SealBroken("unknown_key")
    start = 2 + blob[1]
    nonce, sealed = blob[start : start + _NONCE_BYTES], blob[start + _NONCE_BYTES :]
    try:
        return key.decrypt(nonce, sealed, place.bound_to(key_id)).decode()
    except InvalidTag:
        raise SealBroken("does_not_open") from None


def reseal(blob: bytes, place: Place) -> bytes | None:
    """The same value under the newest key, or None where it already is."""
    if key_id_of(bytes(blob)) == sealing_key_id():
        return None
    return seal(unseal(blob, place), place)


def blind_index(text: str) -> str:
    """The hex HMAC by which a sealed text is found; it tells nothing without the index key."""
    key: str = settings.PORTAL_INDEX_KEY
    if len(key) < _LEAST_INDEX_KEY:
        raise ImproperlyConfigured("PORTAL_INDEX_KEY must have at least 32 characters")
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()
