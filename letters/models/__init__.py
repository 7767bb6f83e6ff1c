"""The tables of patient letters."""

from letters.models.letter import ChannelDecision, Document, Letter, LetterEvent, LetterSource
from letters.models.letter_type import LetterType
from letters.models.notice import Notice
from letters.models.posting import Posting, PrintReceipt
from letters.models.reconciliation import Reconciliation
from letters.models.task import ClerkTask

__all__ = [
    "ChannelDecision",
    "ClerkTask",
    "Document",
    "Letter",
    "LetterEvent",
    "LetterSource",
    "LetterType",
    "Notice",
    "Posting",
    "PrintReceipt",
    "Reconciliation",
]
