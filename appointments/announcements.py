"""What appointments tell the rest of the house, after the fact and in the same transaction. Payloads are ids.

`portal.flows` listens; appointments do not know who does.
"""

from django.dispatch import Signal

moved = Signal()
"""An appointment has got another time: `appointment_id`."""
cancelled = Signal()
"""An appointment will not take place: `appointment_id`."""
nobody_told = Signal()
"""News of an appointment reached nobody over SMS or e-mail: `appointment_id`, `kind` (`Reminder.Kind`)."""
