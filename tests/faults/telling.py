"""What a drill says while it runs, and its table at the end."""

import sys
import time
from collections.abc import Sequence

_BEGAN = time.monotonic()


def say(text: str) -> None:
    """One line with the seconds since the drill began."""
    show(f"{time.monotonic() - _BEGAN:7.1f} s  {text}")


def show(text: str) -> None:
    """One line as it is."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def show_table(title: str, rows: Sequence[tuple[str, object]]) -> None:
    """Names and figures under each other."""
    width = max(len(name) for name, _ in rows)
    show(f"\n{title}\n{'-' * len(title)}")
    for name, figure in rows:
        show(f"{name.ljust(width)}  {figure if isinstance(figure, str) else f'{figure:,}'.replace(',', ' ')}")
