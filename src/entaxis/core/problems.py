"""What is wrong with something from outside, as a sentence in the language of whoever reads it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar, Self

from django.utils.functional import Promise

Sentences = Mapping[str, str | Promise]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong or worth knowing: where it stands, and the facts of its sentence.

    Each family of problems is a subclass that brings its ``sentences``, by key.
    """

    key: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    line: int | None = None
    column: str = ""
    value: str = ""

    sentences: ClassVar[Sentences] = {}

    def __str__(self) -> str:
        return str(self.sentences[self.key]) % dict(self.facts)

    def as_json(self) -> dict[str, Any]:
        """What `from_json` makes the same problem from, in whatever language it is then read."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """The problem that `as_json` described."""
        return cls(**stored)


class RefusedError(Exception):
    """Something is refused as a whole; nothing of it was used. Its text is a sentence for the user."""

    family: ClassVar[type[Problem]] = Problem

    def __init__(self, key: str, **facts: Any) -> None:
        super().__init__(key)
        self.problem = self.family(key, facts)

    def __str__(self) -> str:
        return str(self.problem)
