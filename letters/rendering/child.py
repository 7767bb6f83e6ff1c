"""The render process: `python -m letters.rendering.child`."""

import sys
from typing import Final

from letters.rendering import engine, paper
from letters.rendering.serve import serve

_MEMORY: Final = 1536 * 1024 * 1024

TASKS: Final = {"render": engine.render, "stamp": paper.stamp, "join": paper.join, "same": paper.same}

if __name__ == "__main__":
    serve(TASKS, memory_bytes=_MEMORY, dies_with_parent=sys.argv[1:] == ["main"])
