"""One emulator per test, in process, on a clock that only moves when told to; and one real server for all that need it."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from emulator.app import create_app
from emulator.comparison import Answer
from emulator.config import Settings
from emulator.core.clock import ManualClock
from emulator.launch import running
from soap_calls import CREDENTIALS, ClickatellSoap


@pytest.fixture
def settings() -> Settings:
    return Settings()


@pytest.fixture
def app(settings: Settings) -> Flask:
    return create_app(settings, clock=ManualClock())


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


class Control:
    """The control API as a test speaks to it; answers are JSON documents."""

    def __init__(self, client: FlaskClient) -> None:
        self._client = client

    def get(self, path: str) -> Any:
        return self._call("GET", path)

    def post(self, path: str, **document: Any) -> Any:
        return self._call("POST", path, document)

    def put(self, path: str, **document: Any) -> Any:
        return self._call("PUT", path, document)

    def patch(self, path: str, **document: Any) -> Any:
        return self._call("PATCH", path, document)

    def delete(self, path: str) -> Any:
        return self._call("DELETE", path)

    def messages(self, q: str = "") -> list[Any]:
        found: list[Any] = self._client.get("/_emulator/messages", query_string={"q": q}).get_json()["messages"]
        return found

    def newest(self) -> Any:
        """The newest message, with its parts and timeline."""
        return self.get(f"/messages/{self.messages()[0]['id']}")

    def exchange(self) -> Any:
        """The newest exchange."""
        return self.get("/exchanges?limit=1")["exchanges"][0]

    def account(self, provider: str, **settings: Any) -> Any:
        return self.post("/accounts", provider=provider, **settings)

    def advance(self, seconds: float) -> Any:
        return self.post("/clock/advance", seconds=seconds)

    def _call(self, method: str, path: str, document: Any = None) -> Any:
        return self._client.open(f"/_emulator{path}", method=method, json=document).get_json()


@pytest.fixture
def control(client: FlaskClient) -> Control:
    return Control(client)


class Skycore:
    def __init__(self, client: FlaskClient, key: str = "x" * 31) -> None:
        self._client = client
        self.headers = {"x-api-key": key}

    def sendsms(self, text: str = "Hello", to: str = "+10000000001", **more: Any) -> Any:
        return self.act("sendsms", **{"message-text": text, "to": to, "from": "00000", **more})

    def act(self, action: str, **fields: Any) -> Any:
        return self.post(json.dumps({"action": action, **fields}))

    def post(self, body: str | bytes) -> Any:
        return self._client.post("/skycore/ep/v2/", headers=self.headers, data=body).get_json()


@pytest.fixture
def skycore(client: FlaskClient) -> Skycore:
    return Skycore(client)


class Clickatell:
    """Commands with the demo account's credentials; answers are texts."""

    credentials = CREDENTIALS

    def __init__(self, client: FlaskClient, credentials: dict[str, str] | None = None) -> None:
        self._client = client
        self._credentials = credentials or self.credentials

    def __call__(self, command: str, **parameters: str) -> str:
        return self.get(f"/http/{command}", **self._credentials, **parameters)

    def get(self, path: str, **parameters: str) -> str:
        return self._client.get(f"/clickatell{path}", query_string=parameters).get_data(as_text=True)

    def post(self, path: str, **parameters: str) -> str:
        return self._client.post(f"/clickatell{path}", data=self._credentials | parameters).get_data(as_text=True)

    def send(self, to: str = "2799900001", text: str = "Hello", **parameters: str) -> str:
        return self("sendmsg", to=to, text=text, **parameters)


@pytest.fixture
def clickatell(client: FlaskClient) -> Clickatell:
    return Clickatell(client)


@pytest.fixture
def soap(client: FlaskClient) -> ClickatellSoap:
    return ClickatellSoap(client)


class ClickSend:
    """Calls below ``/v3`` with the demo account's credentials; answers are JSON documents, ``data`` alone where so named."""

    def __init__(self, client: FlaskClient, username: str = "api-username", api_key: str = "api-password") -> None:
        self._client = client
        self.auth = (username, api_key)
        self.id = "clicksend-demo"
        self.number: int | None = None

    def call(self, method: str, path: str, document: Any = None, **query: Any) -> TestResponse:
        return self._client.open(
            f"/clicksend/v3{path}", method=method, json=document, query_string=query or None, auth=self.auth
        )

    def get(self, path: str, **query: Any) -> Any:
        return self.call("GET", path, **query).get_json()

    def post(self, path: str, **document: Any) -> Any:
        return self.call("POST", path, document).get_json()

    def put(self, path: str, **document: Any) -> Any:
        return self.call("PUT", path, document or None).get_json()

    def delete(self, path: str) -> Any:
        return self.call("DELETE", path).get_json()

    def rows(self, path: str, **query: Any) -> list[Any]:
        """The rows of a page."""
        rows: list[Any] = self.get(path, **query)["data"]["data"]
        return rows

    @property
    def balance(self) -> str:
        text: str = self.get("/account")["data"]["balance"]
        return text

    def list(self, *phones: str, name: str = "People") -> int:
        """The number of a fresh list with these phones on it."""
        number: int = self.post("/lists", list_name=name)["data"]["list_id"]
        for phone in phones:
            self.post(f"/lists/{number}/contacts", phone_number=phone, first_name="John")
        return number

    def campaign(self, list_id: int = 428, **fields: Any) -> Any:
        """``data`` of the answer."""
        return self.post("/sms-campaigns/send", **{"list_id": list_id, "name": "Spring", "body": "Hello", **fields})["data"]

    def subaccount(self, **fields: Any) -> "ClickSend":
        """A fresh subaccount, as one that calls."""
        people = {"email": "jane@example.com", "phone_number": "+61491570006", "first_name": "Jane", "last_name": "Doe"}
        wanted = {"api_username": f"jane-{self.auth[0]}", "password": "secret", **people, **fields}
        made = self.post("/subaccounts", **wanted)["data"]
        member = ClickSend(self._client, made["api_username"], made["api_key"])
        member.id, member.number = self.id, made["subaccount_id"]
        return member

    def send(self, to: str = "+61491570156", body: str = "Hello", **fields: Any) -> Any:
        """The one message of the answer."""
        return self.post("/sms/send", messages=[{"to": to, "body": body, **fields}])["data"]["messages"][0]


@pytest.fixture
def clicksend(client: FlaskClient) -> ClickSend:
    return ClickSend(client)


@pytest.fixture
def clicksends(client: FlaskClient, control: Control) -> Callable[..., ClickSend]:
    """Makes accounts of their own, with settings."""

    def made(**settings: Any) -> ClickSend:
        account = control.account("clicksend", **settings)
        clicksend = ClickSend(client, account["credentials"]["username"], account["credentials"]["api_key"])
        clicksend.id = account["id"]
        return clicksend

    return made


class InProcess:
    """The examples' target without a socket."""

    is_own = True
    base_url = "http://localhost"

    def __init__(self, app: Flask) -> None:
        self._client = app.test_client()

    def send(self, method: str, path: str, headers: Any, body: bytes) -> Answer:
        response = self._client.open(path, method=method, headers=dict(headers), data=body or None)
        return Answer(response.status_code, {name.lower(): value for name, value in response.headers}, response.get_data())


@pytest.fixture
def in_process(app: Flask) -> InProcess:
    return InProcess(app)


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """A real server in a process of its own, shared by the tests that must see the wire."""
    with running(quiet="1") as url:
        yield url
