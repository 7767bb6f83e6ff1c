"""What the stand-ins are told from outside."""

import os
from pathlib import Path
from typing import Final

PORT: Final = int(os.environ.get("STANDINS_PORT", "8001"))
STATE: Final = Path(os.environ["STANDINS_STATE"]) if os.environ.get("STANDINS_STATE") else None
PORTAL_URL: Final = os.environ.get("PORTAL_URL", "http://localhost:8000").rstrip("/")
OWN_URL: Final = os.environ.get("STANDINS_URL", f"http://localhost:{PORT}").rstrip("/")
IDENTITY_ISSUER: Final = os.environ.get("IDENTITY_ISSUER", f"{OWN_URL}/identity")
COUNTERPART_SECRET: Final = os.environ.get("COUNTERPART_SECRET", "")
POSTING_SECONDS: Final = float(os.environ.get("STANDINS_POSTING_SECONDS", "8"))
"""From an order's arrival until it is posted, on the shared clock."""

DELIVERY_SECONDS: Final = float(os.environ.get("STANDINS_DELIVERY_SECONDS", "2"))
"""From a message's arrival until it is delivered or fails, on the shared clock."""
