"""The channel decision: a pure function over the facts, first rule that fits wins.

Every answer names its rule and reason and is stored with its inputs, so it can be replayed. Where nothing fits the
letter goes to paper: silence is never an outcome. Practice behind the rules: letters design page sections 1.2, 1.4
and 1.6 (eForvaltningsforskriften sections 8, 15 a and 32). Who may see a letter for somebody else is decided by
`youth_access`; here stands only what follows for the way it takes.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from youth_access.codes import KNOWN, WITHHELD, Code

RULES_VERSION = "2026-11-2"

PostalRoute = Literal["none", "wait", "now", "hold"]
Addressee = Literal["patient", "parent"]

_CHILD, _YOUTH = 12, 16


@dataclass(frozen=True, slots=True)
class Reader:
    """One who is tied to the patient, as the rules of access answered for this letter at this instant.

    `relation` is self or a code of set 7611. `told` says that the rules let this person be told of the letter.
    """

    person: str
    relation: str
    see: bool
    told: bool
    rule: str
    active_user: bool
    reserved: bool
    fresh_channels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """Who else than the patient gets a notice, and on which channels."""

    person: str
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the decision depends on.

    `age_low` and `age_high` are whole years today; they differ when only the birth year is known, and are None when
    nothing is. `fresh_channels` are those whose contact point was confirmed within 18 months (section 32).
    `paper_at_once` and `too_late` come from the time by which the letter must have arrived. `readers` are the patient
    and those who represent the patient; `parents_denied` is the rule that keeps parents from this letter, if one does.
    """

    registered: bool
    deceased: bool
    age_low: int | None
    age_high: int | None
    active_user: bool
    reserved: bool
    can_be_notified: bool
    fresh_channels: tuple[str, ...]
    important: bool
    falls_back: bool
    security_codes: tuple[str, ...] = ()
    paper_at_once: bool = False
    too_late: bool = False
    corrects_paper: bool = False
    readers: tuple[Reader, ...] = field(default=())
    parents_denied: str = ""

    def as_json(self) -> dict[str, Any]:
        """The facts as stored with the decision."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Choice:
    """What is to happen. `task` is the reason of a clerk's task to open, if any."""

    rule: str
    reason: str
    digital: bool = False
    postal: PostalRoute = "none"
    addressee: Addressee = "patient"
    obligatory: bool = False
    notify: tuple[str, ...] = ()
    tell: tuple[Told, ...] = ()
    task: str = ""

    def as_json(self) -> dict[str, Any]:
        """The choice as stored with the decision."""
        return asdict(self)


def facts_from_json(stored: dict[str, Any]) -> Facts:
    """The facts of a stored decision, for replaying it. Rules before 2026-11-2 knew of one code and of no readers."""
    kept = {name: value for name, value in stored.items() if name != "security_code"}
    one = [stored["security_code"]] if "security_code" in stored else []
    readers = (each | {"fresh_channels": tuple(each["fresh_channels"])} for each in stored.get("readers", []))
    return Facts(
        **kept
        | {
            "fresh_channels": tuple(stored["fresh_channels"]),
            "security_codes": tuple(stored.get("security_codes", one)),
            "readers": tuple(Reader(**each) for each in readers),
        }
    )


def decide(facts: Facts) -> Choice:
    """Which tracks a letter takes."""
    choice = next((found for rule in _RULES if (found := rule(facts))), None) or _digital_first(facts)
    tell = _tell(facts) if choice.digital else ()
    return replace(choice, tell=tell, task=choice.task or ("too_late" if facts.too_late else ""))


def _unknown_person(facts: Facts) -> Choice | None:
    if facts.registered:
        return None
    return Choice("C01", "not-in-population-register", postal="hold", task="unknown_person")


def _deceased(facts: Facts) -> Choice | None:
    return Choice("C02", "deceased", postal="hold", task="deceased") if facts.deceased else None


def _age_unknown(facts: Facts) -> Choice | None:
    if _band(facts) == "unknown":
        return Choice("C03", "age-unknown", postal="hold", task="age_unknown")
    return None


def _unknown_code(facts: Facts) -> Choice | None:
    if KNOWN.issuperset(facts.security_codes):
        return None
    return Choice("C17", "unknown-code", postal="hold", task="unknown_code")


def _withheld(facts: Facts) -> Choice | None:
    if (WITHHELD | {Code.DELAYED}).isdisjoint(facts.security_codes):
        return None
    return Choice("C04", "withheld", postal="hold", task="withheld")


def _young(facts: Facts) -> Choice | None:
    """Those under 16: on screen for whoever may see it there, and never home by itself where parents may not.

    Whoever comes to be let in later (a referral is assessed, a register answers) finds it on screen at that moment.
    """
    if _band(facts) not in ("child", "youth"):
        return None
    if Code.OWN_WISH not in facts.security_codes and any(_on_screen(each) for each in facts.readers):
        return _young_on_screen(facts)
    later = any(each.active_user for each in facts.readers)
    if facts.parents_denied:
        return Choice("C18", "parents-denied", later, "hold", _at_home(facts), task="parents_denied")
    if _band(facts) == "child":
        return Choice("C05", "child-under-12", later, "now", "parent", obligatory=True)
    return Choice("C06", "youth-12-15", later, "now", obligatory=True)


def _young_on_screen(facts: Facts) -> Choice:
    """Paper waits for a reader who was told; where nobody can be told it goes, or is held, at once."""
    told = _notify(facts) or _tell(facts)
    denied = bool(facts.parents_denied)
    if facts.falls_back and (not told or facts.paper_at_once or facts.corrects_paper):
        return Choice(
            "C20",
            "young-reader-and-paper",
            digital=True,
            postal="hold" if denied else "now",
            addressee=_at_home(facts),
            obligatory=facts.corrects_paper,
            notify=_notify(facts),
            task="parents_denied" if denied else "",
        )
    return Choice(
        "C19",
        "young-reader",
        digital=True,
        postal="wait" if facts.falls_back else "none",
        addressee=_at_home(facts),
        notify=_notify(facts),
    )


def _own_wish(facts: Facts) -> Choice | None:
    if Code.OWN_WISH not in facts.security_codes:
        return None
    return Choice("C07", "patient-wants-nothing-electronic", postal="now", obligatory=True)


def _correction(facts: Facts) -> Choice | None:
    if not facts.corrects_paper:
        return None
    return Choice(
        "C08",
        "corrects-a-letter-already-on-paper",
        digital=_someone_reads(facts),
        postal="now",
        obligatory=True,
        notify=_notify(facts),
    )


def _reserved(facts: Facts) -> Choice | None:
    if not facts.reserved:
        return None
    if facts.important or not facts.active_user:
        return Choice("C09", "reserved", digital=_someone_reads(facts), postal="now", obligatory=True)
    return Choice("C10", "reserved-service-message", digital=True)


def _not_a_user(facts: Facts) -> Choice | None:
    """Paper goes; one who acts for the patient finds the letter on screen besides."""
    if facts.active_user:
        return None
    return Choice("C11", "not-an-active-user", digital=_someone_reads(facts), postal="now", obligatory=True)


def _cannot_be_notified(facts: Facts) -> Choice | None:
    if _notify(facts):
        return None
    if not facts.falls_back:
        return Choice("C12", "cannot-be-notified-digital-only", digital=True)
    return Choice("C13", "cannot-be-notified", digital=True, postal="now")


def _pressed_for_time(facts: Facts) -> Choice | None:
    if not facts.paper_at_once:
        return None
    return Choice("C14", "must-arrive-soon", digital=True, postal="now", notify=_notify(facts))


def _digital_only(facts: Facts) -> Choice | None:
    return None if facts.falls_back else Choice("C15", "type-is-digital-only", digital=True, notify=_notify(facts))


def _digital_first(facts: Facts) -> Choice:
    return Choice("C16", "digital-first", digital=True, postal="wait", notify=_notify(facts))


def _band(facts: Facts) -> str:
    """Child, youth or grown; unknown where the register's facts leave more than one of them open."""
    if facts.age_low is None or facts.age_high is None:
        return "unknown"
    low, high = (0 if age < _CHILD else 1 if age < _YOUTH else 2 for age in (facts.age_low, facts.age_high))
    return ("child", "youth", "grown")[low] if low == high else "unknown"


def _at_home(facts: Facts) -> Addressee:
    return "parent" if _band(facts) == "child" else "patient"


def _on_screen(reader: Reader) -> bool:
    return reader.see and reader.active_user


def _someone_reads(facts: Facts) -> bool:
    return facts.active_user or any(_on_screen(each) for each in facts.readers)


def _notify(facts: Facts) -> tuple[str, ...]:
    """Where the patient is told. Of those under 16 the rules must have said yes."""
    reachable = facts.active_user and facts.can_be_notified and not facts.reserved
    if _band(facts) != "grown":
        reachable = reachable and any(each.told for each in facts.readers if each.relation == "self")
    return facts.fresh_channels if reachable else ()


def _tell(facts: Facts) -> tuple[Told, ...]:
    """Where others are told. A patient who is reserved wants no notices at all, nor one through somebody else."""
    if facts.reserved and _band(facts) == "grown":
        return ()
    reachable = (each for each in facts.readers if _on_screen(each) and each.told and not each.reserved)
    return tuple(Told(each.person, each.fresh_channels) for each in reachable if _another(each))


def _another(reader: Reader) -> bool:
    return reader.relation != "self" and bool(reader.fresh_channels)


_RULES: tuple[Callable[[Facts], Choice | None], ...] = (
    _unknown_person,
    _deceased,
    _age_unknown,
    _unknown_code,
    _withheld,
    _young,
    _own_wish,
    _correction,
    _reserved,
    _not_a_user,
    _cannot_be_notified,
    _pressed_for_time,
    _digital_only,
)
