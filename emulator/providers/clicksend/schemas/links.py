"""Short links and their clicks. What the service knows of a visitor's device and place is not known here: null, or no rows."""

from hashlib import md5
from typing import Any

from emulator.core.message import Link, Message
from emulator.providers.clicksend.schemas.wire import unix


def long_url_id(source: str, source_id: str, target: str) -> str:
    """Names all links of one source that lead to one address; the first hyphen ends the source."""
    return f"{source.replace('-', '_')}-{source_id}-{md5(target.encode(), usedforsecurity=False).hexdigest()}"


def statistics_out(identifier: str, links: list[Link]) -> dict[str, Any]:
    opened = [link.clicks for link in links if link.clicks]
    return {
        "long_url_id": identifier,
        "links": {
            "total": len(links),
            "opened_unique": len(opened),
            "opened_total": sum(opened),
            "unopened": len(links) - len(opened),
        },
        "device": [],
        "os": [],
        "browser": [],
        "country": [],
        "region": [],
    }


def tracking_out(link: Link, message: Message | None) -> dict[str, Any]:
    options = message.options if message else {}
    return {
        "open_count": link.clicks,
        "date_opened": unix(link.opened_at) if link.opened_at else None,
        "user_geo_country": None,
        "user_geo_region": None,
        "user_device": None,
        "user_browser": None,
        "user_os": None,
        "contact": {
            "contact_id": options.get("contact_id"),
            "first_name": options.get("first_name"),
            "last_name": options.get("last_name"),
            "phone_number": message.recipient if message else None,
        },
    }
