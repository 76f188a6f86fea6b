"""One-time codes in a text: what a test or a person copies from a login message."""

import re

_HINT = re.compile(
    r"code|c[oó]digo|otp|one.?time|pin\b|passcode|password|contrase|clave|verif|confirm|log.?in|sign.?in|2fa|token|auth",
    re.IGNORECASE,
)
_CODE = re.compile(r"(?<![\w.,+/$€£-])(?<!\d )(?:[A-Z]-)?(\d{3}[- ]\d{3}|\d{4,8})(?![\w/-]|[., ]\d)")


def codes_in(text: str) -> list[str]:
    """The codes of a message that speaks of one, in order: 4 to 8 digits, also written ``123-456``; without separators."""
    if not _HINT.search(text):
        return []
    return [re.sub(r"\D", "", found) for found in _CODE.findall(text)]
