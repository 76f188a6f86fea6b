"""The account as GET /account shows it. Keys stand in the document's order."""

from collections.abc import Mapping
from typing import Any

from emulator.core.accounts import Account
from emulator.providers.clicksend.auth import user_id
from emulator.providers.clicksend.schemas.subaccounts import own_out


def account_out(account: Account, profile: Mapping[str, str], currency: Mapping[str, str], signed_up: int) -> dict[str, Any]:
    """``profile`` is the made-up person behind it. The balance is a text with six decimals."""
    country, username = account.settings["default_country"], account.credentials["username"]
    return {
        "user_id": user_id(account),
        "username": username,
        "user_email": profile["user_email"],
        "active": 1,
        "banned": 0,
        "date_sign_up": signed_up,
        "balance": f"{account.balance:.6f}",
        "user_phone": profile["user_phone"],
        "reply_to": profile["reply_to"],
        "delivery_to": profile["delivery_to"],
        "user_first_name": profile["user_first_name"],
        "user_last_name": profile["user_last_name"],
        "account": 0,
        "account_name": profile["account_name"],
        "account_billing_email": profile["user_email"],
        "account_billing_mobile": profile["user_phone"],
        "priority": 0,
        "country": country,
        "country_ip": country,
        "default_country_sms": country,
        "auto_recharge": 0,
        "auto_recharge_amount": "20.00",
        "low_credit_amount": "0.00",
        "setting_unicode_sms": 0,
        "setting_email_sms_subject": 0,
        "setting_fix_sender_id": 0,
        "setting_sms_message_char_limit": account.settings["char_limit"],
        "old_dashboard": 0,
        "balance_commission": "0.000000",
        "timezone": "Australia/Melbourne",
        "price_rate": 0,
        "private_uploads": 0,
        "fax_quality": 0,
        "setting_sms_hide_your_number": 0,
        "setting_sms_hide_business_name": 0,
        "pricing_variant": 0,
        "on_trial": 0,
        "trial_expiry": None,
        "ai_enabled": 0,
        "_currency": dict(currency),
        "_subaccount": own_out(account, profile),
        "_referrer_chosen": None,
    }


def number_out(number: str, country: str, names: Mapping[str, str]) -> dict[str, Any]:
    """A dedicated number; it costs nothing here."""
    return {
        "dedicated_number": number,
        "country": country,
        "price": "0.00",
        "_country_name": names.get(country, ""),
        "notes": None,
        "type": "sms",
        "number_type": "longcode",
    }
