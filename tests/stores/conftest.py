import pytest

from emulator.stores.memory import MemoryStore


@pytest.fixture(scope="module", params=[MemoryStore], ids=lambda implementation: implementation.__name__)
def new_store(request):
    """Makes an empty store; ``capacities`` bounds kinds."""
    return request.param
