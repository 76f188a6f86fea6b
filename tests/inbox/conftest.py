"""The pages as a browser asks for them, and what is on them by ``data-testid``."""

import pytest
from lxml import html


class Page:
    """One answered page."""

    def __init__(self, response):
        self.response = response
        self.status = response.status_code
        self.source = response.get_data(as_text=True)
        self._tree = html.fromstring(self.source) if self.source.strip() else None

    def all(self, testid):
        return self._tree.xpath(f'//*[@data-testid="{testid}"]')

    def texts(self, testid):
        return [" ".join(element.text_content().split()) for element in self.all(testid)]

    def text(self, testid):
        [found] = self.texts(testid)
        return found

    def xpath(self, path):
        return self._tree.xpath(path)


@pytest.fixture
def some_refused(clicksend):
    """One request: a message that is accepted, and two refused by different rules."""
    texts = {"+61411111111": "One", "x": "Two", "+15005550012": "Three"}
    clicksend.post("/sms/send", messages=[{"to": to, "body": text} for to, text in texts.items()])


@pytest.fixture
def inbox(client):
    """Opens a page; ``part`` asks for one fragment as htmx does."""

    def open_page(path, part=None, **headers):
        asked = {"Accept": "text/html,*/*;q=0.8", **headers}
        if part:
            asked |= {"HX-Request": "true", "HX-Target": part}
        return Page(client.get(path, headers=asked))

    return open_page
