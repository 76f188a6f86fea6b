"""Who may call the control API: no page of another site, no name that somebody else's DNS points here."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import Request

from emulator.core.errors import Reason, Refusal
from emulator.edge.hosts import host_name

_READING = frozenset({"GET", "HEAD", "OPTIONS"})


def check(request: Request, allowed_hosts: frozenset[str]) -> None:
    """Raises Refusal(NOT_PERMITTED) for a foreign ``Host``, and for a write that another site's page sends."""
    host = request.headers.get("Host", "")
    if not is_own_host(host, allowed_hosts):
        raise Refusal(
            Reason.NOT_PERMITTED,
            f"{host!r} is not a name of this server; the setting ALLOWED_HOSTS adds names",
            field="Host",
        )
    if request.method in _READING:
        return
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc.lower() != host.lower():
        raise Refusal(Reason.NOT_PERMITTED, f"a write from {origin!r}, another site", field="Origin")
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        raise Refusal(Reason.NOT_PERMITTED, "a write from another site", field="Sec-Fetch-Site")


def is_own_host(host: str, allowed_hosts: frozenset[str]) -> bool:
    """Loopback names, any address, names without a dot (containers), ``host.docker.internal``, the allowed ones.

    An address is always ours: a browser sends the one it has connected to, and no DNS answer can change that.
    """
    name = host_name(host)
    if not name or name == "host.docker.internal" or name in allowed_hosts:
        return bool(name)
    if "." not in name and ":" not in name:
        return True
    return name.endswith(".localhost") or _is_address(name)


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
