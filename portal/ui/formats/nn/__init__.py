"""Formats of nynorsk."""
