"""Formats of Northern Sami."""
