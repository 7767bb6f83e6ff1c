"""Log lines as data, and the last sieve before they are written.

No code here should ever log a number or a name; the sieve is for the library that does it for us.
"""

import json
import logging
import re
from typing import Any

_ELEVEN_DIGITS = re.compile(r"(?<!\d)\d{6}[ -]?\d{5}(?!\d)")
_KEPT = ("request_id", "task_id", "status", "method", "route", "milliseconds", "kind", "code")


def scrub(text: str) -> str:
    """Replace everything shaped like a Norwegian identity number."""
    return _ELEVEN_DIGITS.sub("[number removed]", text)


class Scrub(logging.Filter):
    """Scrubs message, arguments and exception text of every record."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Scrub in place; nothing is held back."""
        record.msg = scrub(record.getMessage())
        record.args = None
        if record.exc_info and not record.exc_text:
            record.exc_text = scrub(logging.Formatter().formatException(record.exc_info))
            record.exc_info = None
        return True


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line."""
        line: dict[str, Any] = {
            "at": self.formatTime(record),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {key: getattr(record, key) for key in _KEPT if hasattr(record, key)}
        if record.exc_text:
            line["exception"] = record.exc_text
        return json.dumps(line, ensure_ascii=False, default=str)
