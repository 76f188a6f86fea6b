"""The only outbound gate: calls to the application, and to nobody it must not reach."""

import socket
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import Protocol
from urllib.parse import urlsplit

import urllib3

CONNECT_SECONDS = 3.0
THREADS = 16  # for each receiver
MOST_READ = 64 * 1024  # octets of an answer's body
MOST_KEPT = 500  # characters of it
MOST_FETCHED = 8 * 1024 * 1024
FETCH_SECONDS = 5.0

_PRIVATE = tuple(map(ip_network, ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7")))


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request to make; ``key`` names it to whoever asked, ``timeout`` is in real seconds."""

    key: str
    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    timeout: float


@dataclass(frozen=True, slots=True)
class Answered:
    """The receiver's status and the beginning of what it said, or why there is none."""

    key: str
    status: int | None
    error: str | None = None
    answer: str = ""


class Transport(Protocol):
    """Makes requests, several at a time, and tells ``done`` of each answer from a thread of its own."""

    def send(self, request: Request, done: Callable[[Answered], None]) -> None: ...

    def close(self) -> None: ...


class Gate:
    """Makes one request at a time for each thread: name resolved once, no redirect followed, connections kept."""

    def __init__(self, *, private_only: bool) -> None:
        self._private_only = private_only
        self._pools: dict[tuple[str, str, int, str], urllib3.HTTPConnectionPool] = {}
        self._lock = threading.Lock()

    def call(self, request: Request) -> Answered:
        try:
            response = self._opened(request)
            said = _read_away(response)
        except Exception as error:  # noqa: BLE001  # whatever a receiver does, its caller hears of it
            return Answered(request.key, None, f"{type(error).__name__}: {error}"[:300])
        return Answered(request.key, response.status, answer=said)

    def fetch(self, url: str) -> bytes:
        """What stands at ``url``, in MOST_FETCHED octets and FETCH_SECONDS at most. Raises OSError, which says why not."""
        until = time.monotonic() + FETCH_SECONDS
        request = Request("", "GET", url, {"User-Agent": "sms-emulator"}, b"", FETCH_SECONDS)
        try:
            response = self._opened(request)
            try:
                return _whole(response, until)
            finally:
                response.close()
        except (ValueError, urllib3.exceptions.HTTPError) as error:
            raise ConnectionError(f"{type(error).__name__}: {error}"[:300]) from error

    def _opened(self, request: Request) -> urllib3.BaseHTTPResponse:
        pool, path, host = self._pool(request.url)
        return pool.urlopen(
            request.method,
            path,
            body=request.body or None,
            headers={"Host": host, "Accept-Encoding": urllib3.util.SKIP_HEADER, **request.headers},
            redirect=False,
            retries=False,
            timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=request.timeout),
            preload_content=False,
        )

    def _pool(self, url: str) -> tuple[urllib3.HTTPConnectionPool, str, str]:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError(f"{url!r} is no http:// or https:// address")
        port = parts.port or (443 if parts.scheme == "https" else 80)
        address = self._resolved(parts.hostname, port)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        key = (parts.scheme, address, port, parts.hostname)
        with self._lock:
            if key not in self._pools:
                self._pools[key] = _new_pool(*key)
            return self._pools[key], path, parts.netloc.rpartition("@")[2]

    def _resolved(self, host: str, port: int) -> str:
        """The first address of ``host`` that may be called. Raises PermissionError when there is none."""
        found = [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        for address in found:
            if not self._private_only or any(ip_address(address.partition("%")[0]) in network for network in _PRIVATE):
                return address
        raise PermissionError(f"{host} ({found[0]}) is no private address; the setting CALLBACK_TARGETS=any allows it")


def _read_away(response: urllib3.BaseHTTPResponse) -> str:
    """The beginning of the body; a short one is read to its end so that the connection can be used again."""
    body = response.read(MOST_READ + 1, decode_content=False)
    if len(body) > MOST_READ:
        response.close()
    response.release_conn()
    return body[: 4 * MOST_KEPT].decode(errors="replace")[:MOST_KEPT]


def _whole(response: urllib3.BaseHTTPResponse, until: float) -> bytes:
    if response.status != 200:
        raise ConnectionError(f"answered {response.status}")
    body = b""
    while piece := response.read(MOST_READ, decode_content=False):
        body += piece
        if len(body) > MOST_FETCHED:
            raise ConnectionError(f"more than {MOST_FETCHED} octets")
        if time.monotonic() > until:
            raise ConnectionError(f"not read within {FETCH_SECONDS:g} s")
    return body


def _new_pool(scheme: str, address: str, port: int, host: str) -> urllib3.HTTPConnectionPool:
    if scheme == "https":
        return urllib3.HTTPSConnectionPool(
            address, port, maxsize=THREADS, block=True, server_hostname=host, assert_hostname=host
        )
    return urllib3.HTTPConnectionPool(address, port, maxsize=THREADS, block=True)


class ThreadTransport:
    """In this process. For tests and emulators driven in process: under load its threads starve the API.

    Each receiver has threads of its own, started as they are needed, so that a slow one holds up nobody else.
    """

    def __init__(self, *, private_only: bool = True, threads: int = THREADS) -> None:
        self._gate = Gate(private_only=private_only)
        self._threads = threads
        self._pools: dict[str, ThreadPoolExecutor] = {}
        self._lock = threading.Lock()

    def send(self, request: Request, done: Callable[[Answered], None]) -> None:
        receiver = request.url.partition("://")[2].partition("/")[0]
        with self._lock:
            if receiver not in self._pools:
                self._pools[receiver] = ThreadPoolExecutor(self._threads, thread_name_prefix="webhook")
            self._pools[receiver].submit(lambda: done(self._gate.call(request)))

    def close(self) -> None:
        """Calls under way end by themselves; those that wait are dropped."""
        with self._lock:
            for pool in self._pools.values():
                pool.shutdown(wait=False, cancel_futures=True)
