"""What the domain asks of a store; ``emulator.stores`` has the implementations."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, ClassVar, Protocol, TypeVar

from emulator.core.planned import Planned


class Entity(Protocol):
    """A frozen dataclass with a key, unique within its kind (its class); a change is ``replace(...)``.

    ``indexed`` names the attributes that ``find``, ``count`` and ``remove`` may ask for, each a string or None. What
    belongs to an account names it in ``account``.
    """

    indexed: ClassVar[tuple[str, ...]]

    @property
    def key(self) -> str: ...


E = TypeVar("E", bound=Entity)

Document = dict[str, Any]
"""A whole state: its entities, planned events and numbers."""


class Store(Protocol):
    """Entities by kind and key, in the order they were first put; planned events; numbers that count up from 1.

    ``equals`` are values of indexed attributes, all of which must match.

    Every method is atomic and may be called from any thread.
    """

    def put(self, *entities: Entity) -> None:
        """Insert or replace, as one batch; a replaced entity keeps its place in the order."""

    def add(self, entity: Entity) -> bool:
        """Insert unless there is one with its key; answers whether it was inserted."""

    def get(self, kind: type[E], key: str) -> E | None: ...

    def change(self, kind: type[E], key: str, edit: Callable[[E], E]) -> E:
        """Replace by what ``edit`` makes of the present one. Raises KeyError if absent; if ``edit`` raises, nothing changes."""

    def remove(self, kind: type[E], key: str | None = None, **equals: Any) -> int:
        """Forget one, or all that match; answers how many."""

    def find(
        self,
        kind: type[E],
        *,
        newest: bool = False,
        after: str | None = None,
        since: str | None = None,
        limit: int | None = None,
        **equals: Any,
    ) -> Iterator[E]:
        """Those that match every indexed attribute given, oldest first unless ``newest``.

        ``after`` is the key to go on behind, in the direction asked for; ``since`` is the key of the newest entity that
        is too old. Of a key that is gone the place is still known for a while; one that is not known excludes nothing.
        """

    def knows(self, kind: type[E], key: str) -> bool:
        """Whether ``find`` can go on from ``key``: it is there, or was until lately."""

    def count(self, kind: type[E], **equals: str) -> int: ...

    def dropped(self, kind: type[E]) -> int:
        """How many of ``kind`` a capacity has pushed out since the last ``load`` or ``clear``."""

    def schedule(self, *events: Planned) -> None: ...

    def claim_due(self, now: datetime) -> list[Planned]:
        """The events due at ``now`` or before, in order of time and planning; each is handed out once."""

    def next_due(self) -> datetime | None: ...

    def next_number(self, sequence: str) -> int: ...

    def dump(self) -> Document: ...

    def load(self, document: Document) -> None:
        """Replace everything by ``document``."""

    def clear(self, account: str | None = None) -> None:
        """Forget everything, or everything of one account: entities, planned events, numbers named ``<account>/...``."""
