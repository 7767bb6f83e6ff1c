"""What can go wrong on the way to paper, and whether trying again helps."""

from portal.kernel.errors import FinalError, RetryableError


class RenderTimeout(FinalError):
    """The letter took more time than any real letter does; a person must look at it."""


class RenderFailed(FinalError):
    """The letter could not be made; `code` says why (`asset_missing`, `out_of_memory`, `child_died`, …)."""


class AddressDoesNotFit(FinalError):
    """The name and address do not fit the window complete, even in the smallest type allowed."""


class RendererBusy(RetryableError):
    """Every place in the queue was taken for too long; nothing has been tried."""


class RendererUnavailable(RetryableError):
    """The render process does not come up: a library or a font is missing on this machine."""
