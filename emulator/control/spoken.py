"""What a call of the control API takes and answers, written beside its route: the description is made from it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])

_ATTRIBUTE = "spoken"


@dataclass(frozen=True)
class Spoken:
    """Schema classes of query, body and answers. An answer that is a text names its content type instead.

    ``errors`` are the codes of ``control.errors`` that only this call can answer.
    """

    answers: Mapping[int, type | str]
    query: type | None = None
    body: type | None = None
    body_is_optional: bool = False
    errors: tuple[str, ...] = field(default=())
    example: Any = None
    """A body that is taken as it is."""


def speaks(answers: Mapping[int, type | str] | type, **more: Any) -> Callable[[View], View]:
    """Mark a view with what it speaks; one schema class alone is its answer 200."""

    def mark(view: View) -> View:
        setattr(view, _ATTRIBUTE, Spoken(answers if isinstance(answers, Mapping) else {200: answers}, **more))
        return view

    return mark


def spoken_by(view: Callable[..., Any]) -> Spoken | None:
    found: Spoken | None = getattr(view, _ATTRIBUTE, None)
    return found
