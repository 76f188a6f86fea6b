"""The emulator as a container of Testcontainers: pip install 'sms-emulator[testcontainers]'.

    with EmulatorContainer("registry.example.com/sms-emulator") as container:
        client = container.client()

A receiver of receipts on the machine that runs the tests is reached as ``http://host.docker.internal:<port>``; containers of
one Docker network reach the emulator by its real name with ``with_network_aliases("api.clickatell.com")``, at port 80.
"""

from typing import Any, Self

from testcontainers.core.container import DockerContainer

from emulator.client import Client
from emulator.launch import LaunchError, wait_until_ready

PORT = 7670


class EmulatorContainer(DockerContainer):
    """Ready once ``start`` (or the ``with`` block) has begun. ``settings`` are those of ``sms-emulator serve``."""

    def __init__(self, image: str = "sms-emulator", *, port: int = PORT, **settings: object) -> None:
        super().__init__(image)
        self._inner_port = port
        self.with_exposed_ports(port)
        for name, value in {"port": port, **settings}.items():
            self.with_env(f"EMULATOR_{name.upper()}", str(value))
        self.with_kwargs(extra_hosts={"host.docker.internal": "host-gateway"})

    @property
    def url(self) -> str:
        return f"http://{self.get_container_host_ip()}:{self.get_exposed_port(self._inner_port)}"

    def client(self) -> Client:
        return Client(self.url)

    def start(self) -> Self:
        """Raises LaunchError with what the container has said when it does not get ready."""
        super().start()
        if not wait_until_ready(self.get_container_host_ip(), int(self.get_exposed_port(self._inner_port))):
            said: Any = self.get_logs()
            self.stop()
            raise LaunchError(f"the container did not get ready: {said}")
        return self
