"""Ascending numbers with a cheap end, a cheap front and a seek: what a table's order and its indexes are made of."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator


class Sequence:
    """Sorted distinct integers. Adding at the end and discarding at the front take constant time, seeking a logarithm.

    Discarded front items stay in the list, behind ``_start``, until they outweigh the rest.
    """

    __slots__ = ("_items", "_start")

    def __init__(self) -> None:
        self._items: list[int] = []
        self._start = 0

    def __len__(self) -> int:
        return len(self._items) - self._start

    def __iter__(self) -> Iterator[int]:
        return iter(self._items[self._start :])

    def first(self) -> int:
        return self._items[self._start]

    def add(self, number: int) -> None:
        if not self or number > self._items[-1]:
            self._items.append(number)
        elif not self._holds(number):
            insort(self._items, number, lo=self._start)

    def discard(self, number: int) -> None:
        if not self._holds(number):
            return
        if number == self._items[self._start]:
            self._start += 1
            if self._start > 32 and self._start * 2 > len(self._items):
                del self._items[: self._start]
                self._start = 0
        else:
            del self._items[self._place(number)]

    def beyond(self, number: int | None, *, newest: bool, limit: int) -> list[int]:
        """At most ``limit`` numbers after ``number`` (None: from the beginning), downwards from the end if ``newest``."""
        if newest:
            end = len(self._items) if number is None else self._place(number)
            return self._items[max(self._start, end - limit) : end][::-1]
        begin = self._start if number is None else bisect_right(self._items, number, lo=self._start)
        return self._items[begin : begin + limit]

    def _place(self, number: int) -> int:
        return bisect_left(self._items, number, lo=self._start)

    def _holds(self, number: int) -> bool:
        place = self._place(number)
        return place < len(self._items) and self._items[place] == number
