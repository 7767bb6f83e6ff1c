"""Fills a fresh demo with a synthetic region, over the same doors that a hospital and its patients use."""
