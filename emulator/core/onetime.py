"""One-time codes in a text: what a test or a person copies from a login message."""

import re
from bisect import bisect
from unicodedata import normalize

from emulator.core.links import replace_links

_LETTER = "0-9A-Za-z_À-ɏͰ-ӿ"  # of scripts with spaces between words: a number beside one is part of a word
_END = rf"(?![{_LETTER}])"
_WORDS = re.compile(
    rf"""(?xi)
    (?: promo(?:tion(?:al)?)? | discount | coupon | voucher | gift | referral | zip | postal | post | area | country | dress
      | bar | qr | error | status | source | sort | swift | order | tracking | booking | product | item | ref(?:erence)?
      | rabatt | gutschein ) [\s-]? codes? {_END}
  | (?: code | c[oó]digo | codice ) \s (?: de \s | di \s )? (?: promo | postal | descuento | desconto | sconto )
  | (?P<word>
      code[sn]? {_END} | c[oó]digos? {_END} | codici?e? {_END} | κωδικ[όο]ς? | код (?: [аеуы] | ом | ове )? {_END}
    | k[oó]{{1,2}}d (?: en? | et | enya | em | u | unuz | ul | i | ja | om )? {_END}
    | קוד | رمز | كود | کد(?!\w) | کوڈ | कोड | ओटीपी | কোড | รหัส | \bmã{_END} | コード | 코드 | 인증 \s? 번호
    | (?: 认证 | 認證 | 验证 | 驗證 | 校验 | 校驗 | 确认 | 確認 | 动态 | 動態 ) [码碼] | (?: 認証 | 確認 | 暗証 ) 番号
    | \botps?{_END} | \bpins?{_END} | (?-i:TANs?){_END} | 2fa | one.?time | token
    | passcode | passwor[dt] | wachtwoord | contrase[nñ]a | clave | senha | mot \s de \s passe | has[łl]o | şifre | парол
    | 密[码碼] | パスワード | 비밀 \s? 번호
    )
  | (?P<hint>
      v[eé]rif | confirm | log.?in | sign.?in | \bauth\b | authent | authori[sz] | bestätig | potwierd | doğrula | подтвер
    | xác \s (?: minh | nhận | thực ) | التحقق | [验驗][证證] | 認証 | 인증
    )
"""
)
_DIGITS = r"\d{3}[- ]\d{3}|\d\d-\d\d-\d\d|\d(?: \d){3,7}|\d{4,8}"
_MONEY = r"(?:[$€£¥₹₽]|(?:usd|eur|gbp|inr|rs|chf|cad|aud|руб|zł|kr|dollars?|euros?|元|円)(?!\w))"
_NUMBER = re.compile(
    rf"(?<![{_LETTER}.,+/$€£¥₹-])(?<!\d )(?:[A-Z]{{1,4}}-)?(?P<code>{_DIGITS})"
    rf"(?![{_LETTER}/]|-\w| ?(?i:{_MONEY})|[., ]\d++(?! ?(?:min|мин|分|분)))"
)
_MIXED = re.compile(
    rf"(?<![{_LETTER}/-])(?=[A-Z]*-?\d)(?=\d*-?[A-Z])(?P<code>[A-Z0-9]{{2,5}}-[A-Z0-9]{{2,5}}|[A-Z0-9]{{4,10}})(?![\w/-])"
)
_IS = r"(?:is|es|est|ist|è|é|jest|er|är)(?!\w)|是|为|為|は|는|은"
_LEADS_TO = re.compile(rf"""(?i)\s*(?P<firm>{_IS})?\s*(?P<mark>[:：=])?[\s#('"«„“-]*""")
_LEADS_BACK_TO = re.compile(rf"(?i)\)?\s*(?P<firm>{_IS}|[—–-])\s(?:[^\s.,;!?-]+[\s-]){{0,5}}")
_CALLED_OTHERWISE = re.compile(
    rf"""(?xi) (?<!\w)
    (?: order | ref(?:erence)? | invoice | account | acct | a/c | card | ticket | booking | parcel | tracking | shipment
      | flight | room | case | customer | member | transaction | policy | bestell\w* | rechnung\w* | pedido | commande
      | заказ\w* | end(?:ing|s) (?: \s (?:in|with) )? | call | tel(?:ephone)? | phone | dial | stop \s to | id | at | amount
      | of | {_MONEY} ) \.? (?: \s (?: no | nr | number | num | id ) \.? )? (?: \s is )? \s? [:\#№]? \s? \Z
"""
)
_DATE = re.compile(r"(?:19|20)\d\d(?:(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01]))?")
_SENTENCE_END = re.compile(r"[.!?;]\s|[。！？\n]")
_EXPIRES = r"(?i:expir|valid|gültig|läuft|caduca|vence|valable|scade|geldig|действ|истек|有効|有效|유효)"
_NOTHING_BEFORE = re.compile(r"\W{0,20}")
_NOTHING_BEHIND = re.compile(rf"\W*\Z|\W+(?:\w+\s){{0,2}}?{_EXPIRES}")
_EXPIRY_BEFORE, _NO_WORD_BEHIND = re.compile(rf"{_EXPIRES}[^.\n:：]*[:：]\s*\Z"), re.compile(r"\W*\Z")
_FOR_BROWSERS = re.compile(r"^@[\w.:-]+ #(\w{4,10})(?: @\S+)?\s*\Z", re.MULTILINE)  # WICG, "Origin-bound one-time codes"
_UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")  # what turns the direction of writing around a number
_DIGIT = re.compile(r"\d")
_OTHER_DIGIT = re.compile(r"[^\W\D0-9]")

_NEAR = 80  # characters around a number that are looked at to see what it is called
_BEHIND, _APART = 3, 40  # characters that a word seems to be farther off behind the code, and in another sentence


def codes_in(text: str) -> list[str]:
    """The codes of a message that speaks of one, best first: the one nearest to the word for it. Each once, without separators.

    4 to 8 digits of any script, also behind capitals and a hyphen (``G-123456``) and in groups (``123-456``, ``12-34-56``,
    ``1 2 3 4``); 4 to 10 capitals and digits, also as ``ABC-123``, that are said to be it (``code:``, ``code is``, ``is your
    code``); what a last line ``@example.com #123456`` names. Digits of a web address, prices, and numbers that are called
    something else (an order, a telephone) are none. Without a word for it, digits are one that are all of the text, or all
    but for when they expire.
    """
    readable = _readable(text)
    found = _numbered(replace_links(readable, lambda _: " . ")) if _DIGIT.search(readable) else []
    found += _FOR_BROWSERS.findall(readable)
    return list(dict.fromkeys(re.sub(r"[ -]", "", code) for code in found))


def _numbered(text: str) -> list[str]:
    numbers, mixed = list(_NUMBER.finditer(text)), list(_MIXED.finditer(text))
    words = list(_WORDS.finditer(text)) if numbers or mixed else []
    if named := [word.span() for word in words if word["word"]]:
        return _told(numbers, mixed, _Words(text, named))
    if any(word["hint"] for word in words):
        return [number["code"] for number in numbers if not _is_otherwise(number)]
    return [number["code"] for number in numbers if _is_alone(number)]


def _readable(text: str) -> str:
    """In our digits."""
    return _OTHER_DIGIT.sub(lambda digit: str(int(digit[0])), _UNSEEN.sub("", normalize("NFC", text)))


def _told(numbers: list[re.Match[str]], mixed: list[re.Match[str]], words: "_Words") -> list[str]:
    """Best first."""
    found = [number for number in numbers if not _is_otherwise(number) or words.name(number)]
    found += [one for one in mixed if words.name(one, firmly=True) and not _NUMBER.fullmatch(one[0])]
    return [one["code"] for one in sorted(found, key=lambda one: (not words.name(one), words.distance(one)))]


class _Words:
    """The ``spans`` of words for a code in ``text``, at least one, in order."""

    def __init__(self, text: str, spans: list[tuple[int, int]]) -> None:
        self._text = text
        self._spans = spans

    def distance(self, found: re.Match[str]) -> int:
        """How far the nearest word is, in characters."""
        before, behind = self._beside(found)
        lengths = [self._length(*before)] if before else []
        lengths += [self._length(*behind) + _BEHIND] if behind else []
        return min(lengths)

    def name(self, found: re.Match[str], *, firmly: bool = False) -> bool:
        """Whether the word beside it says that this is the code; ``firmly``: not only by standing before it."""
        before, behind = self._beside(found)
        said = _LEADS_TO.fullmatch(self._text, *before) if before and before[1] - before[0] <= _NEAR else None
        if said is not None and (said["firm"] or said["mark"] or not firmly):
            return True
        return bool(behind and behind[1] - behind[0] <= _NEAR and _LEADS_BACK_TO.fullmatch(self._text, *behind))

    def _beside(self, found: re.Match[str]) -> tuple[tuple[int, int] | None, tuple[int, int] | None]:
        """What lies between it and the nearest word before, and the one behind it."""
        place = bisect(self._spans, found.span())
        before = (self._spans[place - 1][1], found.start()) if place else None
        return before, (found.end(), self._spans[place][0]) if place < len(self._spans) else None

    def _length(self, start: int, end: int) -> int:
        return end - start + _APART * bool(_SENTENCE_END.search(self._text, start, min(end, start + _NEAR)))


def _is_otherwise(number: re.Match[str]) -> bool:
    """Whether it looks like a date, or is called something else."""
    if _DATE.fullmatch(number["code"]):
        return True
    start = number.start()
    return _CALLED_OTHERWISE.search(number.string, max(start - _NEAR, 0), start) is not None


def _is_alone(number: re.Match[str]) -> bool:
    text, (start, end) = number.string, number.span()
    if start <= _NEAR and _NOTHING_BEFORE.fullmatch(text, 0, start):
        return _NOTHING_BEHIND.match(text, end) is not None
    expiry = _EXPIRY_BEFORE.search(text, max(start - _NEAR, 0), start)
    return expiry is not None and _NO_WORD_BEHIND.match(text, end) is not None
