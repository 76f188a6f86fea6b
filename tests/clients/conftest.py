"""The vendors' own clients against a real server in a process of its own."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.request import Request, urlopen

import clicksend
import pytest

from emulator.launch import running


class Sdk:
    """``clicksend-client`` with an account of its own; answers are the client's strict models."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.account = self.control("POST", "/accounts", provider="clicksend")
        credentials = self.account["credentials"]
        client = clicksend.ApiClient(
            clicksend.Configuration(
                host=f"{url}/clicksend", username=credentials["username"], password=credentials["api_key"], retries=0
            )
        )
        self.campaigns = clicksend.SmsCampaignsApi(client)
        self.lists = clicksend.ListsApi(client)
        self.contacts = clicksend.ContactsApi(client)
        self.sms = clicksend.SmsApi(client)
        self.statistics = clicksend.StatisticsApi(client)
        self.urls = clicksend.UrlShorteningApi(client)
        self.world = clicksend.InternationalMessagingApi(client)
        self.management = clicksend.ManagementApi(client)
        self.emails = clicksend.EmailToSmsApi(client)
        self.numbers = clicksend.NumbersApi(client)
        self.own_numbers = clicksend.OwnNumbersApi(client)
        self.default_senders = clicksend.DefaultSendersApi(client)
        self.alpha_tags = clicksend.AlphaTagsApi(client)
        self.subaccounts = clicksend.SubaccountsApi(client)

    def control(self, method: str, path: str, **document: Any) -> Any:
        body = json.dumps(document).encode() if document else None
        with urlopen(Request(f"{self._url}/_emulator{path}", body, method=method), timeout=20) as answer:
            return json.load(answer)

    def advance(self, seconds: float) -> None:
        self.control("POST", "/clock/advance", seconds=seconds)

    def now(self) -> int:
        """Unix time on the server's clock."""
        return int(datetime.fromisoformat(self.control("GET", "/clock")["now"]).timestamp())

    def new_list(self, *phones: str, name: str = "Customers") -> int:
        """The number of a fresh list with these people on it, John Doe each of them."""
        number = self.lists.create_list(create_list_request=clicksend.CreateListRequest(list_name=name)).data.list_id
        for phone in phones:
            self.new_contact(number, phone)
        return number

    def new_contact(self, list_number: int, phone: str, **facts: str) -> Any:
        request = clicksend.CreateNewContactRequest(
            **{"phone_number": phone, "first_name": "John", "last_name": "Doe", **facts}
        )
        return self.lists.create_new_contact(str(list_number), create_new_contact_request=request).data

    def send(self, to: str = "+61491570156", body: str = "Hello", **changes: Any) -> Any:
        message = clicksend.SendSmsRequestMessagesInner(to=to, body=body, **changes)
        return self.sms.send_sms(send_sms_request=clicksend.SendSmsRequest(messages=[message])).data.messages[0]

    def reply(self, sent: Any, text: str) -> None:
        """The handset that got the message ``sent`` answers it."""
        answer = {"provider": "clicksend", "account": self.account["id"], "to": sent.var_from, "from": sent.to}
        self.control("POST", "/inbound", text=text, **answer)

    def keep_receipts(self, action: str = "POLL", address: str = "") -> Any:
        """The rule that keeps receipts to be fetched."""
        rule = clicksend.CreateSmsDeliveryReceiptRuleRequest(
            rule_name="receipts", match_type=0, action=action, action_address=address, enabled=1
        )
        return self.sms.create_sms_delivery_receipt_rule(create_sms_delivery_receipt_rule_request=rule).data

    def keep_replies(self, action: str = "POLL", address: str = "") -> Any:
        """The rule that keeps replies to be fetched."""
        rule = clicksend.CreateSmsInboundAutomationRequest(
            rule_name="replies",
            dedicated_number="*",
            message_search_type=0,
            message_search_term="",
            action=action,
            action_address=address,
            body="",
            enabled=1,
        )
        return self.sms.create_sms_inbound_automation(create_sms_inbound_automation_request=rule).data


@pytest.fixture(scope="session")
def sdk_server() -> Iterator[str]:
    """A server whose clock these tests may move."""
    with running(quiet="1") as url:
        yield url


@pytest.fixture
def sdk(sdk_server: str) -> Sdk:
    return Sdk(sdk_server)
