"""One-time codes in a text: what a test or a person copies from a login message."""

import re

from emulator.core.links import replace_links

_HINT = re.compile(
    r"code|c[oó]digo|otp|one.?time|pin\b|\btan\b|passcode|password|contrase|clave|verif|confirm|log.?in|sign.?in|2fa|token|auth",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"(?<![\w.,+/$€£-])(?<!\d )(?:[A-Z]{1,4}-)?"
    r"(\d{3}[- ]\d{3}|\d\d-\d\d-\d\d|\d(?: \d){3,7}|\d{4,8})(?![\w/-]|[., ]\d)"
    r"|(?<!promo )(?<!discount )(?<!coupon )(?<!voucher )"
    r"\b(?i:code|c[oó]digo|otp|pin|tan|passcode|password|token)(?: ?: ?|(?i: is | es ))"
    r"(?=[A-Z]*\d)(?=\d*[A-Z])([A-Z0-9]{4,10})(?![\w/-])"
)
_FOR_BROWSERS = re.compile(r"^@[\w.:-]+ #(\w{4,10})(?: @\S+)?\s*\Z", re.MULTILINE)  # WICG, "Origin-bound one-time codes"


def codes_in(text: str) -> list[str]:
    """The codes of a message that speaks of one, in order, each once, without separators.

    4 to 8 digits, also behind capitals and a hyphen (``G-123456``) and in groups (``123-456``, ``12-34-56``, ``1 2 3 4``);
    4 to 10 capitals and digits behind ``code:`` or ``code is``; what a last line ``@example.com #123456`` names. Digits of a
    web address are none.
    """
    found = []
    if _HINT.search(text):
        found = [number or word for number, word in _CODE.findall(replace_links(text, lambda _: " . "))]
    found += _FOR_BROWSERS.findall(text)
    return list(dict.fromkeys(re.sub(r"[ -]", "", code) for code in found))
