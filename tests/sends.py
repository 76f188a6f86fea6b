"""What an application sends through an account."""

import json
from urllib.request import Request, urlopen


def send(world, text="Hello", to="+10000000001"):
    body = {"action": "sendsms", "message-text": text, "to": to, "from": "00000"}
    key = {"x-api-key": world.credentials["api_key"]}
    return json.load(urlopen(Request(f"{world.url}/ep/v2/", json.dumps(body).encode(), key), timeout=30))
