"""Runs several of Django's commands in one process, which spares a start of Django for each.

Reads `[{"arguments": ["grant_role", …], "environment": {…}}, …]` as JSON on standard input, because identity numbers
must not stand on a command line.
"""

import json
import os
import sys

import django
from django.core.management import call_command


def main() -> None:
    """Run them in order; the first that fails ends the process."""
    django.setup()
    for call in json.load(sys.stdin):
        os.environ.update(call.get("environment", {}))
        call_command(*call["arguments"])


if __name__ == "__main__":
    main()
