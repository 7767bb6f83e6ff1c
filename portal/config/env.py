"""Reads the environment, once, with the words of docs/operations.md."""

from pathlib import Path
from typing import Literal, cast

import environ

ROOT = Path(__file__).resolve().parents[2]
env = environ.Env()

Stage = Literal["production", "demo", "test"]
STAGE = cast(Stage, env.str("PORTAL_ENV", default="production"))
if STAGE not in ("production", "demo", "test"):
    raise ValueError("PORTAL_ENV must be production, demo or test")
SYNTHETIC = STAGE != "production"
