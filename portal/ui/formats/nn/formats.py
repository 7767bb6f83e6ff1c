"""Formats of nynorsk: Norway's."""

from portal.ui.formats.norwegian import *  # noqa: F403  # the framework looks for the names here
