"""A digest of everything that decides how a page looks: its marks, what they use, its boxes and its turn.

Two files can hold the same page under other object numbers and packings; their bytes then differ and the digest
does not.
"""

import hashlib
from collections.abc import Callable
from typing import Final

from pikepdf import Array, Dictionary, Object, Page, PdfError, Stream, StreamDecodeLevel

_PACKING: Final = frozenset({"/Length", "/Filter", "/DecodeParms"})
_NOT_MARKS: Final = frozenset({"/Parent", "/StructParents", "/StructParent", "/P", "/Metadata", "/PieceInfo"})
_LOOKS: Final = ("/Resources", "/Annots", "/UserUnit", "/Group")
_DEEPEST: Final = 60


def of_page(page: Page) -> str:
    """The page's digest, in hexadecimal."""
    digest = hashlib.sha256()
    _walk(page.obj.get("/Contents"), digest.update, frozenset(), joined=True)
    for box in (page.mediabox, page.cropbox):
        digest.update(",".join(f"{float(edge):.3f}" for edge in box.as_list()).encode())
    digest.update(b"turn %d" % (int(page.rotation) % 360))
    for key in _LOOKS:
        digest.update(key.encode())
        _walk(page.obj.get(key), digest.update, frozenset())
    return digest.hexdigest()


def _walk(
    item: Object | None, take: Callable[[bytes], None], above: frozenset[tuple[int, int]], *, joined: bool = False
) -> None:
    """Feed an object and all it refers to; a reference back to something we are inside of is fed as such."""
    if isinstance(item, Object) and item.is_indirect:
        if item.objgen in above or len(above) > _DEEPEST:
            take(b"<again>")
            return
        above = above | {item.objgen}
    if isinstance(item, Stream):
        take(b"" if joined else b"stream")
        if not joined:
            _walk_dictionary(item.stream_dict, take, above, _NOT_MARKS | _PACKING)
        take(_marks(item) + (b"\n" if joined else b""))
    elif isinstance(item, Array):
        take(b"" if joined else b"[")
        for part in item.as_list():
            _walk(part, take, above, joined=joined)
    elif isinstance(item, Dictionary):
        _walk_dictionary(item, take, above, _NOT_MARKS)
    else:
        take(f"{type(item).__name__}:{item!s};".encode())


def _walk_dictionary(
    item: Object, take: Callable[[bytes], None], above: frozenset[tuple[int, int]], skipped: frozenset[str]
) -> None:
    take(b"<")
    for key, value in sorted(item.items(), key=lambda entry: entry[0]):
        if key in skipped or (isinstance(value, Dictionary) and not len(value)):
            continue
        take(key.encode())
        _walk(value, take, above)
    take(b">")


def _marks(stream: Stream) -> bytes:
    try:
        return stream.read_bytes(StreamDecodeLevel.generalized)
    except PdfError:
        return stream.read_raw_bytes()
