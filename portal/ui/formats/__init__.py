"""Dates, times and numbers as Norway writes them, in each language of the pages."""
