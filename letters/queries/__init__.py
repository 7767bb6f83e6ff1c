"""Reads. A citizen's rows are reached through `visible_to` alone."""

from letters.queries.for_sender import received_order, status_for_source
from letters.queries.on_screen import unread_count, visible_to

__all__ = ["received_order", "status_for_source", "unread_count", "visible_to"]
