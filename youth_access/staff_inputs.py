"""A form that asks nothing: the button alone is the answer."""

from portal.ui.forms import PortalForm


class JustAsk(PortalForm):
    """Are you sure."""
