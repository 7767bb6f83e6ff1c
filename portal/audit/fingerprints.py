"""Fingerprints of audit rows and of the seals over them.

HMAC-SHA256 under a key derived from `PORTAL_INDEX_KEY`: whoever owns the database but not the key can neither write a
row that passes nor mend the chain after changing one. What is empty is left out of a row's fingerprint, so a column
that is added later leaves the fingerprints of older rows as they are.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from portal.people import sealing

SIZE: Final = 32
_ENTRY: Final = 8 + SIZE
_LABEL: Final = "portal.audit fingerprints"
_LETTERS: Final = str.maketrans("0123456789", "ghijklmnop")
_DIGITS: Final = str.maketrans("ghijklmnop", "0123456789")
FIELDS: Final = (
    "at",
    "actor_kind",
    "actor_id",
    "action",
    "result",
    "person_id",
    "item_kind",
    "item_id",
    "basis",
    "acp",
    "rule",
    "table_version",
    "age_band",
    "acr",
    "hpr",
    "organisation",
    "request_id",
    "details",
)


def of_row(values: Mapping[str, Any]) -> bytes:
    """The fingerprint of a row's content. Raises TypeError for fractions: the database may write them otherwise."""
    told = {name: _plain(values[name]) for name in FIELDS if values[name] not in ("", None, {})}
    _refuse_fractions(told.get("details", {}))
    return _sign(json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode())


def of_seal(number: int, sealed_at: datetime, rows: bytes, previous: bytes) -> bytes:
    """The digest of one link of the chain."""
    return _sign(f"seal {number} {_instant(sealed_at)} ".encode() + previous + rows)


def packed(entries: Iterable[tuple[int, bytes]]) -> bytes:
    """Ids and fingerprints as a seal keeps them."""
    return b"".join(row_id.to_bytes(8, "big") + digest for row_id, digest in entries)


def unpacked(rows: bytes) -> Iterator[tuple[int, bytes]]:
    """The ids and fingerprints that a seal keeps; a last piece that was cut short is left out."""
    for start in range(0, len(rows) - _ENTRY + 1, _ENTRY):
        yield int.from_bytes(rows[start : start + 8], "big"), rows[start + 8 : start + _ENTRY]


def spelled(digest: bytes) -> str:
    """A digest in letters alone: where logs are sieved, no run of digits may look like an identity number."""
    return digest.hex().translate(_LETTERS)


def read(spelt: str) -> bytes:
    """A digest from its spelling. Raises ValueError where it is none."""
    return bytes.fromhex(spelt.translate(_DIGITS))


def of_note(values: Mapping[str, Any]) -> bytes:
    """The digest of what a verification has noted."""
    told = json.dumps(values, default=_plain, sort_keys=True, separators=(",", ":"))
    return _sign(f"verification {told}".encode())


def _sign(content: bytes) -> bytes:
    return hmac.new(bytes.fromhex(sealing.blind_index(_LABEL)), content, hashlib.sha256).digest()


def _plain(value: Any) -> Any:  # noqa: ANN401 - a column of any kind
    if isinstance(value, datetime):
        return _instant(value)
    return value if isinstance(value, dict) else str(value)


def _instant(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds")


def _refuse_fractions(value: Any) -> None:  # noqa: ANN401 - JSON of any shape
    if isinstance(value, float):
        raise TypeError("details of an audit row hold no fractions")
    inner: Iterable[Any] = (
        value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    )
    for each in inner:
        _refuse_fractions(each)
