from collections.abc import Iterator

import pytest

from receivers import Receiver, receiving


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """An application on loopback that takes every call with 200."""
    with receiving() as receiver:
        yield receiver
