"""What can go wrong with an embedded server."""


class EmbeddedServerError(RuntimeError):
    """An embedded server cannot be found, started or reached; the message says what to do."""
