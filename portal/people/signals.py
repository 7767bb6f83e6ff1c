"""Says that someone came in, was refused, went out or died, so that rooms above may act. Ids and codes only.

A receiver runs in the transaction of the deed where there is one: if it fails, so does the deed.
"""

from typing import Final

from django.dispatch import Signal

signed_in: Final = Signal()
"""`session` (a `SignInSession`, with its person's id) and `provider` (a key)."""

sign_in_refused: Final = Signal()
"""`provider`, `reason` (a code of `openid.refusals`) and `person_id` (None for somebody we do not know)."""

signed_out: Final = Signal()
"""`session` and `ending` (a value of `SignInSession.Ending`)."""

died: Final = Signal()
"""`person_id`: the population register has just told that somebody is dead. Sent in the transaction that keeps it."""
