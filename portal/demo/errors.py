"""Why a demo cannot go on."""


class DemoError(Exception):
    """The demo cannot start or go on; the message tells a person what to do."""
