"""Registers our HelseID provider with allauth, which looks for a `provider` module in every app."""

from django.apps import AppConfig


class HelseIdConfig(AppConfig):
    """No tables of its own."""

    name = "portal.people.helseid"
    label = "helseid"
