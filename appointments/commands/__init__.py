"""Every change of an appointment, a slot, a claim or a request."""
