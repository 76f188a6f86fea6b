"""A client, and an account of its own, on the server that all tests share."""

import pytest

from emulator.client import Client


@pytest.fixture
def client(server_url):
    client = Client(server_url)
    yield client
    client.close()


@pytest.fixture
def skycore(client):
    """A fresh account on the server that all tests share."""
    world = client.open_account("skycore")
    yield world
    world.close()
