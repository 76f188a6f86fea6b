"""An application that takes receipts: a small HTTP server on loopback that notes every call and answers as it is told."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PATIENCE = 20  # real seconds after which a test gives up; none waits that long when all is well


@dataclass(frozen=True)
class Taken:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """``answer`` gets each call and returns the status, headers and body, or octets to put on the socket as they are."""

    port: int = 0
    taken: list[Taken] = field(default_factory=list)
    answer: Callable[[Taken], Any] = lambda call: 200
    connections: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def bodies(self) -> list[str]:
        return [call.body.decode() for call in self.taken]


def handler_for(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    noting = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def setup(self):
            super().setup()
            with noting:
                receiver.connections += 1

        def take(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            call = Taken(self.command, self.path, dict(self.headers.items()), body)
            with noting:
                receiver.taken.append(call)
            answer = receiver.answer(call)
            if isinstance(answer, bytes):
                self.wfile.write(answer)
                self.close_connection = True
                return
            status, headers, content = answer if isinstance(answer, tuple) else (answer, {}, b"thank you")
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = take  # noqa: N815  # named by the standard library

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    return Handler


class Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def handle_error(self, request, client_address):
        """A caller that has gone is no error here."""


@contextmanager
def receiving(port: int = 0, **fields: Any) -> Iterator[Receiver]:
    """A receiver that listens until the end of the block, on a free port unless told."""
    receiver = Receiver(**fields)
    server = Server(("127.0.0.1", port), handler_for(receiver))
    receiver.port = server.server_address[1]
    listening = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    listening.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        listening.join(PATIENCE)


def wait_for(condition: Callable[[], object]) -> None:
    """Until ``condition`` holds; raises TimeoutError after PATIENCE."""
    pause = threading.Event()
    for _ in range(int(PATIENCE / 0.005)):
        if condition():
            return
        pause.wait(0.005)
    raise TimeoutError("waited in vain")
