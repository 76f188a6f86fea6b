import pytest

from emulator.core.changes import Feed
from emulator.core.message import Message
from emulator.stores.memory import MemoryStore
from emulator.stores.watched import WatchedStore


def watched(capacities=None, *, capacity=None):
    return WatchedStore(MemoryStore(capacities, capacity=capacity), Feed(frozenset({Message})))


@pytest.fixture(scope="module", params=[MemoryStore, watched], ids=["memory", "watched"])
def new_store(request):
    """Makes an empty store; ``capacities`` bounds kinds."""
    return request.param
