"""Every party outside the portal: a port each, the adapter that speaks to it, and a check that it answers."""
