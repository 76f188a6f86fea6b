"""Three ways to one provider: by path prefix, by sub-domain of localhost, by its real host name."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from emulator.edge.provider import Provider

ASKED_PATH = "emulator.asked_path"  # the path as the client sent it


class HostRouter:
    """WSGI middleware: puts the provider's prefix before the path where the host name says it, and folds spellings."""

    def __init__(self, app: Callable[..., Any], providers: Iterable[Provider], hosts: Mapping[str, Iterable[str]]) -> None:
        self._app = app
        self._by_prefix = {provider.prefix: provider for provider in providers}
        self._by_host = {
            host: provider
            for provider in self._by_prefix.values()
            for host in (f"{provider.name}.localhost", *(name.lower() for name in hosts[provider.name]))
        }

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        path = environ.get("PATH_INFO", "")
        environ[ASKED_PATH] = path
        prefix = "/" + path.lstrip("/").split("/", 1)[0]
        provider = self._by_host.get(host_name(environ.get("HTTP_HOST", "")))
        if provider is not None and prefix not in {provider.prefix, "/_emulator"}:
            path, prefix = provider.prefix + path, provider.prefix
        if provider := self._by_prefix.get(prefix):
            path = prefix + provider.canonical_path(path.removeprefix(prefix))
        environ["PATH_INFO"] = path
        return self._app(environ, start_response)


def host_name(host: str) -> str:
    """The name in a ``Host`` header, lower case, without port and without the brackets of IPv6."""
    host = host.strip().lower()
    if host.startswith("["):
        return host[1:].partition("]")[0]
    name = host.rpartition(":")[0] if host.count(":") == 1 else host
    return name.removesuffix(".")
