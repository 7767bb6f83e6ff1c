"""What is to be done before an appointment, kept as its sender says it now; what the patient has done stays done."""

from collections.abc import Sequence

from appointments.models import Appointment, PreparationTask
from appointments.orders import TaskOrder
from portal.kernel import clock

State = PreparationTask.State
WITHDRAWN = "withdrawn"


def match(row: Appointment, orders: Sequence[TaskOrder]) -> bool:
    """Let a locked appointment that is still to take place have these tasks; says whether there is more or less to do.

    Tasks are known again by kind and reference, those without one by their title.
    """
    standing = {_name(task.kind, task.reference, task.title): task for task in row.tasks.order_by("number")}
    wanted = {_name(order.kind, order.reference, order.title): order for order in orders}
    number = max((task.number for task in standing.values()), default=0)
    changed = _withdraw([task for name, task in standing.items() if name not in wanted])
    for name, order in wanted.items():
        task = standing.get(name)
        if task is None:
            number += 1
            task = PreparationTask(appointment=row, number=number, kind=order.kind, reference=order.reference)
        changed = changed or task.title == "" or task.state == State.CANCELLED
        _ask(task, order.title)
    return changed


def _ask(task: PreparationTask, title: str) -> None:
    """The task is to be done, unless it is done already."""
    task.title = title
    if task.state == State.CANCELLED:
        task.state, task.settled_at, task.reason = State.OPEN, None, ""
    task.save()


def _withdraw(gone: Sequence[PreparationTask]) -> bool:
    """What the sender no longer asks for is cancelled, unless it is done."""
    open_ones = [task for task in gone if task.state == State.OPEN]
    for task in open_ones:
        task.state, task.settled_at, task.reason = State.CANCELLED, clock.now(), WITHDRAWN
        task.save(update_fields=["state", "settled_at", "reason"])
    return bool(open_ones)


def _name(kind: str, reference: str, title: str) -> tuple[str, str]:
    return kind, reference or f"title:{title}"
