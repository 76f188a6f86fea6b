"""Own numbers: phones to send as, of which the account proves that they are its own by a code texted to them."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from flask import request
from werkzeug.wrappers import Response

from emulator.core.accounts import Account
from emulator.core.addresses import country, international
from emulator.core.errors import Reason, Refusal
from emulator.core.ids import numeric
from emulator.core.message import Fate, Receipts, Submission
from emulator.core.records import Record
from emulator.edge.body import json_object, json_response
from emulator.edge.context import sheet, smsc
from emulator.providers.clicksend.auth import authenticate
from emulator.providers.clicksend.members import OF_THE_SERVICE
from emulator.providers.clicksend.registry import OWN_NUMBERS, iso, new_id, page, row_called
from emulator.providers.clicksend.routes.blueprint import v3
from emulator.providers.clicksend.schemas.registry import (
    CODE_IN,
    LABEL_IN,
    OWN_NUMBER_IN,
    own_number_out,
    verification_out,
)
from emulator.providers.clicksend.senders import Senders

VERIFICATIONS = "own_number_verifications"
ATTEMPTS = 2  # as the document's sample has it
VALID = timedelta(minutes=10)


@v3.get("/own-numbers")
def list_own_numbers() -> Response:
    """The account's own numbers, those of some statuses where ``filter[status][]`` names them."""
    account = authenticate(request)
    rows = (_shown(account, record) for record in smsc.records.rows(account.id, OWN_NUMBERS))
    wanted = set(_statuses())
    return json_response(page("own_numbers", (row for row in rows if not wanted or row["status"] in wanted), account))


@v3.post("/own-numbers/verifications")
def request_own_number_verification() -> Response:
    """Register a number and text a code to it."""
    account = authenticate(request)
    wanted = OWN_NUMBER_IN.load(json_object(request))
    phone = _phone(account, wanted["phone_number"], wanted["country"])
    now = smsc.clock.now()
    senders = Senders(account, sheet("clicksend").document["shared_numbers"])
    code = numeric(smsc.ids.draw(account.id, "otp"), 6)
    smsc.submit_one(
        account,
        Submission(
            phone,
            f"Your ClickSend verification code is {code}",
            mask=senders.shared(account.settings["default_country"], phone).sender,
            is_free=True,
            fate=Fate(receipts=Receipts.LOST),
            options={OF_THE_SERVICE: "1"},
        ),
    )
    number = next((row for row in smsc.records.rows(account.id, OWN_NUMBERS) if row.values["phone_number"] == phone), None)
    label = {"label": wanted["label"]} if number is None or wanted["label"] else {}
    values = {"status": "PENDING", "verified_at": None, "updated_at": iso(now), **label}
    if number is None:
        facts = {"id": new_id(account, OWN_NUMBERS), "phone_number": phone, "country": country(phone)}
        number = smsc.records.add(account.id, OWN_NUMBERS, {**facts, **values}, now)
    else:
        number = smsc.records.change(number, values)
    verification = {
        "id": new_id(account, VERIFICATIONS),
        "own_number_id": number.values["id"],
        "status": "PENDING",
        "code": code,
        "expires_timestamp": iso(now + VALID),
        "remaining_attempts": ATTEMPTS,
        "updated_at": iso(now),
    }
    return json_response(verification_out(smsc.records.add(account.id, VERIFICATIONS, verification, now)))


@v3.post("/own-numbers/verifications/<verification_id>/verify")
def verify_own_number(verification_id: str) -> Response:
    """Prove the number by its code. Each try takes one of the attempts; without any left, or too late, it is REJECTED."""
    account = authenticate(request)
    verification = row_called(account, VERIFICATIONS, verification_id, "NOT_FOUND/verification")
    wanted = CODE_IN.load(json_object(request))
    phone = _phone(account, wanted["phone_number"], wanted["country"])
    values, now = verification.values, smsc.clock.now()
    if values["status"] != "PENDING":
        return json_response(verification_out(verification))
    number = row_called(account, OWN_NUMBERS, values["own_number_id"], "NOT_FOUND/own_number")
    left = values["remaining_attempts"] - 1
    in_time = now <= datetime.fromisoformat(values["expires_timestamp"])
    if in_time and (wanted["code"], phone) == (values["code"], number.values["phone_number"]):
        status = "APPROVED"
        smsc.records.change(number, {"status": status, "verified_at": iso(now), "updated_at": iso(now)})
        _own(account, phone)
    else:
        status = "PENDING" if in_time and left else "REJECTED"
        smsc.records.change(number, {"status": status, "updated_at": iso(now)})
    changed = smsc.records.change(verification, {"status": status, "remaining_attempts": left, "updated_at": iso(now)})
    return json_response(verification_out(changed))


@v3.get("/own-numbers/<own_number_id>")
def view_own_number(own_number_id: str) -> Response:
    """One of the account's own numbers."""
    account = authenticate(request)
    return json_response(_shown(account, _row(account, own_number_id)))


@v3.patch("/own-numbers/<own_number_id>")
def update_own_number(own_number_id: str) -> Response:
    """Another label, where the request has one."""
    account = authenticate(request)
    record = _row(account, own_number_id)
    if request.get_data():
        label = LABEL_IN.load(json_object(request))
        record = smsc.records.change(record, {**label, "updated_at": iso(smsc.clock.now())})
    return json_response(_shown(account, record))


@v3.delete("/own-numbers/<own_number_id>")
def delete_own_number(own_number_id: str) -> Response:
    """The number is the account's no longer."""
    account = authenticate(request)
    record = _row(account, own_number_id)
    smsc.records.remove(record)
    phone = record.values["phone_number"]
    if account.settings["senders"]:
        smsc.change_settings(account, lambda present: {"senders": [one for one in present["senders"] if one != phone]})
    return json_response(_shown(account, record))


def _statuses() -> Iterator[str]:
    for name, value in request.args.items(multi=True):
        if name.startswith("filter[status]"):
            yield value.upper()


def _phone(account: Account, written: str, region: str | None) -> str:
    """Raises Refusal(INVALID_FIELD) for what is no phone number."""
    phone = international(written, (region or account.settings["default_country"]).upper())
    if phone is None:
        raise Refusal(Reason.INVALID_FIELD, f"{written!r} is no phone number", field="phone_number")
    return phone


def _own(account: Account, phone: str) -> None:
    """An account that sends as anything needs no list of its senders for it."""
    if account.settings["senders"] is not None:
        smsc.change_settings(account, lambda present: {"senders": list(dict.fromkeys([*present["senders"], phone]))})


def _row(account: Account, identifier: str) -> Record:
    return row_called(account, OWN_NUMBERS, identifier, "NOT_FOUND/own_number")


def _shown(account: Account, record: Record) -> dict[str, object]:
    return own_number_out(account, record, smsc.clock.now())
