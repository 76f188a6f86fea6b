"""The container class, against a server instead of an engine: what it asks of the engine, and that it waits."""

from urllib.parse import urlsplit

import pytest
from testcontainers.core.container import DockerContainer

from emulator.launch import LaunchError
from emulator.testcontainers import EmulatorContainer


@pytest.fixture
def engine(monkeypatch):
    """An engine that runs nothing; what it is asked is in the container's own fields."""
    monkeypatch.setattr("testcontainers.core.container.DockerClient", lambda **_: None)
    monkeypatch.setattr(DockerContainer, "start", lambda container: container)
    monkeypatch.setattr(DockerContainer, "stop", lambda container, *_, **__: None)
    monkeypatch.setattr(DockerContainer, "get_container_host_ip", lambda _: "127.0.0.1")
    monkeypatch.setattr(DockerContainer, "get_logs", lambda _: (b"no such fixture", b""))


def test_settings_port_and_the_way_to_the_host_are_asked_for(engine):
    container = EmulatorContainer("registry.example.com/sms-emulator", seed=7, delivery="immediate")
    assert container.env == {"EMULATOR_PORT": "7670", "EMULATOR_SEED": "7", "EMULATOR_DELIVERY": "immediate"}
    assert list(container.ports) == ["7670"]
    assert container._kwargs["extra_hosts"] == {"host.docker.internal": "host-gateway"}


def test_it_is_ready_when_the_block_begins(engine, monkeypatch, server_url):
    monkeypatch.setattr(DockerContainer, "get_exposed_port", lambda *_: urlsplit(server_url).port)
    with EmulatorContainer() as container:
        assert container.url == server_url
        assert container.client().health()["status"] == "ready"


def test_one_that_does_not_get_ready_says_what_it_said(engine, monkeypatch):
    monkeypatch.setattr("emulator.launch.START_SECONDS", 0.1)
    monkeypatch.setattr(DockerContainer, "get_exposed_port", lambda *_: 9)
    with pytest.raises(LaunchError, match="no such fixture"):
        EmulatorContainer().start()
