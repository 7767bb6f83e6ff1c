"""Content that does something instead of standing on paper: scripts, launches, attached files, XFA forms.

Ordinary form fields and links are fine, and so is the jump to a place on opening that office programs write.
"""

from collections.abc import Iterator
from typing import Final

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from letters.printability import limits
from letters.printability.findings import Findings

_ACTIONS: Final = {
    "/JavaScript": "JavaScript",
    "/Launch": "starter et program",
    "/SubmitForm": "sender inn skjema",
    "/ImportData": "henter data",
    "/GoToE": "åpner en fil",
    "/Rendition": "lyd eller film",
    "/Movie": "lyd eller film",
    "/Sound": "lyd eller film",
    "/RichMediaExecute": "lyd eller film",
    "/GoTo3DView": "3D-modell",
}
_ANNOTATIONS: Final = {
    "/RichMedia": "lyd eller film",
    "/Movie": "lyd eller film",
    "/Sound": "lyd eller film",
    "/Screen": "lyd eller film",
    "/3D": "3D-modell",
}


def find(pdf: Pdf, findings: Findings) -> None:
    """Look into every object of the file, wherever it hangs; name the page where it is one of the page's own."""
    on_page = {page.obj.objgen: number for number, page in enumerate(pdf.pages, start=1)}
    for page_number, page in enumerate(pdf.pages, start=1):
        for note in _items(page.obj.get("/Annots")):
            on_page.setdefault(note.objgen, page_number)
    if _is_opening_action(pdf.Root.get("/OpenAction")):
        findings.add("active_content", detail="kjører når filen åpnes")
    if "/AF" in pdf.Root or "/Collection" in pdf.Root:
        findings.add("embedded_files")
    for indirect in pdf.objects:
        number = on_page.get(indirect.objgen) if isinstance(indirect, Object) else None
        for dictionary in _dictionaries(indirect):
            _judge(dictionary, number, findings)


def _is_opening_action(action: object) -> bool:
    if not isinstance(action, Dictionary):
        return False
    return action.get("/S") not in (Name("/GoTo"), None) or "/JS" in action


def _judge(dictionary: Object, page: int | None, findings: Findings) -> None:
    action = _ACTIONS.get(str(dictionary.get("/S", "")))
    if action is not None or "/JS" in dictionary or "/JavaScript" in dictionary:
        findings.add("active_content", page, action or "JavaScript")
    kind = str(dictionary.get("/Subtype", ""))
    if kind in _ANNOTATIONS:
        findings.add("active_content", page, _ANNOTATIONS[kind])
    is_file = "/EF" in dictionary or "/EmbeddedFiles" in dictionary or dictionary.get("/Type") == Name("/EmbeddedFile")
    if is_file or kind == "/FileAttachment":
        findings.add("embedded_files", page)
    if "/XFA" in dictionary:
        findings.add("xfa")


def _dictionaries(top: object) -> Iterator[Object]:
    """The object and the direct objects inside it; what is referred to gets its own turn."""
    waiting = [(top, 0)]
    while waiting:
        item, depth = waiting.pop()
        if depth > limits.MOST_NESTING:
            raise ValueError("nesting")
        if isinstance(item, Stream):
            item = item.stream_dict
        if isinstance(item, Dictionary):
            yield item
            parts: list[object] = [part for _, part in item.items()]
        else:
            parts = list(_items(item))
        waiting += [(part, depth + 1) for part in parts if isinstance(part, Object) and not part.is_indirect]


def _items(item: object) -> list[Object]:
    if not isinstance(item, Array):
        return []
    return [part for part in item.as_list() if isinstance(part, Object)]
