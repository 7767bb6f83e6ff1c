"""Formats of bokmål."""
