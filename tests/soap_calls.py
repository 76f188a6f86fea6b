"""Clickatell's SOAP API as a test speaks to it."""

from typing import Any
from xml.sax.saxutils import escape

from flask.testing import FlaskClient
from lxml import etree

CREDENTIALS = {"user": "MyUserName", "password": "MyPassword", "api_id": "123456"}  # of the demo account
ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"


class Fault(Exception):
    """A SOAP fault: its code, its text, and the HTTP status it came with."""


class ClickatellSoap:
    """Calls with the demo account's credentials; answers are the texts of ``return``, faults are raised."""

    document = "/clickatell/soap/document_literal/webservice"
    space = "http://api.clickatell.com/soap/document_literal/webservice"

    def __init__(self, client: FlaskClient) -> None:
        self._client = client

    def __call__(self, operation: str, *numbers: str, **parts: str) -> list[str]:
        return self.plain(operation, *numbers, **CREDENTIALS, **parts)

    def plain(self, operation: str, *numbers: str, **parts: str) -> list[str]:
        return self.post(self.envelope(operation, *numbers, **parts))

    def envelope(self, operation: str, *numbers: str, **parts: str) -> str:
        written = [*parts.items(), *(("to", number) for number in numbers)]
        inner = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in written)
        call = f'<n:{operation} xmlns:n="{self.space}">{inner}</n:{operation}>'
        return f'<e:Envelope xmlns:e="{ENVELOPE}"><e:Body>{call}</e:Body></e:Envelope>'

    def post(self, body: str | bytes, **options: Any) -> list[str]:
        options = {"content_type": "text/xml; charset=utf-8", **options}
        answer = self._client.post(options.pop("path", self.document), data=body, **options)
        assert answer.content_type == "text/xml; charset=utf-8"
        [body_element] = etree.fromstring(answer.get_data())
        [result] = body_element
        if result.tag == f"{{{ENVELOPE}}}Fault":
            raise Fault(result.findtext("faultcode"), result.findtext("faultstring"), answer.status_code)
        assert answer.status_code == 200
        return [leaf.text or "" for leaf in result.iter() if not len(leaf)]
