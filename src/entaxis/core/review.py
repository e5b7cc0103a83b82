"""How something that others write becomes public: its states, who may pass which, what was said.

A room brings its rows (`Reviewed`, `Passing`) and its predicates; the rules of passing stand here alone.
Whoever decides says which version they saw: the second of two reviewers is told what the first did.
"""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, Generic, TypeVar

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class State(models.TextChoices):
    """How far a text has come."""

    DRAFT = "draft", gettext_lazy("draft")
    SUBMITTED = "submitted", gettext_lazy("submitted")
    ASKED_BACK = "asked_back", gettext_lazy("asked back")
    PUBLISHED = "published", gettext_lazy("published")
    WITHDRAWN = "withdrawn", gettext_lazy("withdrawn")
    ARCHIVED = "archived", gettext_lazy("archived")


class Step(models.TextChoices):
    """What somebody does with it."""

    SUBMIT = "submit", gettext_lazy("submitted for review")
    TAKE_BACK = "take_back", gettext_lazy("taken back to write on")
    ASK_BACK = "ask_back", gettext_lazy("asked back")
    PUBLISH = "publish", gettext_lazy("published")
    WITHDRAW = "withdraw", gettext_lazy("withdrawn")
    ARCHIVE = "archive", gettext_lazy("archived")
    REOPEN = "reopen", gettext_lazy("opened again as a draft")


@dataclass(frozen=True, slots=True)
class Rule:
    """From which states a step leads where; who may take it; whether it must say why."""

    sources: frozenset[State]
    target: State
    is_reviewers: bool
    needs_reason: bool = False


WRITTEN_ON: Final = frozenset({State.DRAFT, State.ASKED_BACK})  # states in which the text may change
RULES: Final[dict[Step, Rule]] = {
    Step.SUBMIT: Rule(WRITTEN_ON, State.SUBMITTED, is_reviewers=False),
    Step.TAKE_BACK: Rule(frozenset({State.SUBMITTED}), State.DRAFT, is_reviewers=False),
    Step.ASK_BACK: Rule(
        frozenset({State.SUBMITTED}), State.ASKED_BACK, is_reviewers=True, needs_reason=True
    ),
    Step.PUBLISH: Rule(WRITTEN_ON | {State.SUBMITTED}, State.PUBLISHED, is_reviewers=True),
    Step.WITHDRAW: Rule(
        frozenset({State.PUBLISHED, State.ARCHIVED}), State.WITHDRAWN, is_reviewers=False, needs_reason=True
    ),
    Step.ARCHIVE: Rule(frozenset({State.PUBLISHED}), State.ARCHIVED, is_reviewers=True),
    Step.REOPEN: Rule(frozenset({State.WITHDRAWN}), State.DRAFT, is_reviewers=False),
}


class ReviewError(Exception):
    """A step that cannot be taken. Its text is a sentence for the user."""


class NotAllowedError(ReviewError):
    """The person may not take this step."""

    def __str__(self) -> str:
        return _("You may not do this.")


class ReasonMissingError(ReviewError):
    """The step needs a reason, and none was given."""

    def __str__(self) -> str:
        return _("Say why: whoever wrote it will read it.")


class OvertakenError(ReviewError):
    """Somebody was quicker: the row is no longer what this person saw."""

    def __init__(self, what: str, who: str) -> None:
        super().__init__(what, who)
        self.what, self.who = what, who

    def __str__(self) -> str:
        if not self.who:
            return _("Meanwhile the text was changed. Look at it again before you decide.")
        return _("Meanwhile: %(what)s by %(who)s. Look at it again before you decide.") % {
            "what": self.what,
            "who": self.who,
        }


class Reviewed(models.Model):
    """A row that passes a review. ``version`` grows with every change and every step."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    state = models.CharField(
        gettext_lazy("state"), max_length=16, choices=State, default=State.DRAFT, editable=False
    )
    version = models.PositiveIntegerField(gettext_lazy("version"), default=1, editable=False)
    created_at = models.DateTimeField(gettext_lazy("begun"), default=timezone.now, editable=False)
    changed_at = models.DateTimeField(gettext_lazy("last changed"), default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )

    class Meta:
        """Each room has its own table."""

        abstract = True

    @property
    def is_written_on(self) -> bool:
        """Whether its text may change as it stands."""
        return self.state in WRITTEN_ON


class Passing(models.Model):
    """One step that was taken: by whom, when and why. The room adds ``row``, what it was taken with."""

    step = models.CharField(gettext_lazy("step"), max_length=16, choices=Step)
    reason = models.TextField(gettext_lazy("reason"), max_length=2000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(gettext_lazy("when"), default=timezone.now)

    class Meta:
        """Each room has its own table; the latest stands first."""

        abstract = True
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.get_step_display()


Row = TypeVar("Row", bound=Reviewed)


@dataclass(frozen=True, slots=True)
class May(Generic[Row]):
    """What the person may, asked of the room's predicates on the row as it now stands."""

    write: bool
    review: bool

    def take(self, step: Step) -> bool:
        """Whether this step is theirs."""
        return self.review or (self.write and not RULES[step].is_reviewers)


def steps_for(row: Reviewed, may: "May[Any]") -> list[Step]:
    """The steps this person may take with ``row`` as it stands."""
    return [step for step, rule in RULES.items() if row.state in rule.sources and may.take(step)]


@transaction.atomic
def take(
    row: Row, step: Step, *, by: Any, may: "May[Row]", version: int, reason: str = "", **also: Any
) -> Row:
    """Take a step with ``row``, as seen at ``version``; returns it locked and changed.

    ``also``: fields of the room's own that the step sets.

    Raises:
        NotAllowedError: the step is not this person's.
        ReasonMissingError: it needs a reason.
        OvertakenError: somebody changed the row, or took a step with it, since it was seen.
    """
    rule = RULES[step]
    if not may.take(step):
        raise NotAllowedError
    if rule.needs_reason and not reason.strip():
        raise ReasonMissingError
    held: Row = type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
    if held.version != version or held.state not in rule.sources:
        raise overtaken(held)
    held.state, held.version = rule.target, held.version + 1
    held.changed_at, held.changed_by = timezone.now(), by
    for name, value in also.items():
        setattr(held, name, value)
    held.save()
    held.passings.create(step=step, by=by, reason=reason.strip())  # type: ignore[attr-defined]
    return held


def overtaken(row: Any) -> OvertakenError:
    """What somebody else did with ``row`` last."""
    last = row.passings.select_related("by").first()
    if last is not None and last.at >= row.changed_at - timedelta(seconds=1):
        return OvertakenError(last.get_step_display(), str(last.by or _("somebody")))
    return OvertakenError(_("changed"), str(row.changed_by or ""))
