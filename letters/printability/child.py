"""The check process: `python -m letters.printability.child`."""

import logging
import sys
from typing import Final

from letters.printability.examine import examine
from letters.rendering import wire
from letters.rendering.serve import serve

_MEMORY: Final = 768 * 1024 * 1024


def check(request: wire.Message) -> wire.Message:
    """The problems of one PDF, as code, pages and detail."""
    pages, findings = examine(request.parts[0], int(request.facts["most_pages"]))
    return wire.Message({"pages": pages, "problems": findings.listed()})


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    serve({"check": check}, memory_bytes=_MEMORY, dies_with_parent=sys.argv[1:] == ["main"])
