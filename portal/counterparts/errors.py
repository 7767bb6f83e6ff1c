"""What can go wrong between the portal and another party, told apart by what it means for the work at hand.

The question that matters after a failed call is "may it have been carried out?". Each class answers it.
Codes are short machine words; no personal data may ever be put into them.
"""

from portal.kernel.errors import FinalError, RetryableError


class CounterpartDown(RetryableError):
    """The request was surely not carried out: refused connection, 503, wrong credentials. Send it again later."""


class UnknownOutcome(RetryableError):
    """The request may have been carried out. Look it up, or repeat it with the same key; never with a new one."""


class Refused(FinalError):
    """The other party understood the request and said no; `code` carries its reason. A person must look."""


class ConflictingDuplicate(FinalError):
    """The other party already holds this key with another content. Never a success: a person must look."""
