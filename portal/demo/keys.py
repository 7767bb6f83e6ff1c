"""A demo's secrets: made once, kept with its data, for without them the sealed numbers cannot be opened."""

import base64
import json
import os
import secrets
from pathlib import Path

KEY_BYTES = 32


def load_or_make(folder: Path) -> dict[str, str]:
    """The demo's secrets by the name of their environment variable."""
    path = folder / "secrets.json"
    if path.exists():
        kept: dict[str, str] = json.loads(path.read_text())
        return kept
    made = {
        "SECRET_KEY": secrets.token_urlsafe(KEY_BYTES * 2),
        "PORTAL_SEALING_KEYS": f"demo:{base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()}",
        "PORTAL_INDEX_KEY": secrets.token_urlsafe(KEY_BYTES * 2),
        "COUNTERPART_SECRET": secrets.token_urlsafe(KEY_BYTES),
        "FLOWER_PASSWORD": secrets.token_urlsafe(12),
    }
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as handle:
        json.dump(made, handle, indent=1)
    return made
