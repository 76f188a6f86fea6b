"""What is around a campaign, by the vendor's own client: rules, templates, test calls, the account and its world."""

import inspect
import re
from pathlib import Path
from urllib.request import urlopen

import clicksend
import pytest
from werkzeug.exceptions import HTTPException

from receivers import receiving, wait_for

URL = "https://shop.example/hook"


class TestRules:
    def test_a_rule_for_receipts_is_made_viewed_changed_and_deleted(self, sdk):
        rule = sdk.keep_receipts(action="URL", address=URL)
        number = str(rule.receipt_rule_id)
        assert sdk.sms.view_sms_delivery_receipt_rule(number).data.to_dict() == rule.to_dict()
        [listed] = sdk.sms.view_sms_delivery_receipt_rules().data.data
        assert (listed.rule_name, listed.action_address) == ("receipts", URL)
        request = clicksend.CreateSmsDeliveryReceiptRuleRequest(rule_name="other", match_type=0, action="POLL", enabled=0)
        changed = sdk.sms.update_sms_delivery_receipt_rule(number, create_sms_delivery_receipt_rule_request=request).data
        assert (changed.rule_name, changed.action, changed.enabled) == ("other", "POLL", 0)
        sdk.sms.delete_sms_delivery_receipt_rule(number)
        assert sdk.sms.view_sms_delivery_receipt_rules().data.data == []

    def test_a_rule_for_replies_is_made_viewed_changed_and_deleted(self, sdk):
        rule = sdk.keep_replies(action="URL", address=URL)
        number = str(rule.inbound_rule_id)
        assert sdk.sms.view_sms_inbound_automation(number).data.to_dict() == rule.to_dict()
        [listed] = sdk.sms.view_sms_inbound_automations().data.data
        assert (listed.rule_name, listed.dedicated_number) == ("replies", "*")
        request = clicksend.UpdateSmsInboundAutomationRequest(rule_name="other", action="NONE", enabled=0)
        changed = sdk.sms.update_sms_inbound_automation(number, update_sms_inbound_automation_request=request).data
        assert (changed.rule_name, changed.action, changed.enabled) == ("other", "NONE", 0)
        sdk.sms.delete_sms_inbound_automation(number)
        assert sdk.sms.view_sms_inbound_automations().data.data == []

    def test_a_test_receipt_is_pushed_or_kept(self, sdk):
        with receiving() as receiver:
            request = clicksend.CreateTestSmsReceiptRequest(url=receiver.url)
            pushed = sdk.sms.create_test_sms_receipt(create_test_sms_receipt_request=request).data
            wait_for(lambda: receiver.taken)
            assert pushed.message_id in receiver.bodies[0]
        kept = sdk.sms.create_test_sms_receipt(
            create_test_sms_receipt_request=clicksend.CreateTestSmsReceiptRequest(url="poll")
        )
        assert [one.message_id for one in sdk.sms.view_sms_receipts().data.data] == [kept.data.message_id]

    @pytest.mark.parametrize("webhook_type", ["post", "get", "json"])
    def test_a_test_reply_is_pushed(self, sdk, webhook_type):
        with receiving() as receiver:
            request = clicksend.CreateTestInboundSmsRequest(url=receiver.url, webhook_type=webhook_type)
            pushed = sdk.sms.create_test_inbound_sms(create_test_inbound_sms_request=request).data
            wait_for(lambda: receiver.taken)
            [call] = receiver.taken
            assert call.method == ("GET" if webhook_type == "get" else "POST")
            assert pushed.message_id in call.path + call.body.decode()

    def test_a_test_reply_is_kept(self, sdk):
        request = clicksend.CreateTestInboundSmsRequest(url="poll")
        kept = sdk.sms.create_test_inbound_sms(create_test_inbound_sms_request=request).data
        assert [one.message_id for one in sdk.sms.view_inbound_sms().data.data] == [kept.message_id]


class TestTemplates:
    def test_one_is_made_viewed_changed_and_deleted(self, sdk):
        request = clicksend.CreateSmsTemplateRequest(template_name="Greeting", body="Hi (First Name)")
        made = sdk.sms.create_sms_template(create_sms_template_request=request).data
        number = str(made.template_id)
        assert sdk.sms.view_a_specific_sms_template(number).data.to_dict() == made.to_dict()
        request = clicksend.CreateSmsTemplateRequest(template_name="Farewell")
        changed = sdk.sms.update_sms_template(number, create_sms_template_request=request).data
        assert (changed.template_name, changed.body) == ("Farewell", "Hi (First Name)")
        sdk.sms.delete_sms_template(number)
        assert sdk.sms.view_sms_templates().data.data == []

    def test_they_are_searched_and_ordered(self, sdk):
        for name in ("Bye", "Hello", "Help"):
            request = clicksend.CreateSmsTemplateRequest(template_name=name, body=f"{name}!")
            sdk.sms.create_sms_template(create_sms_template_request=request)
        found = sdk.sms.view_sms_templates(q="template_name:hel", order_by="template_id:desc", page=1, limit=15).data.data
        assert [one.template_name for one in found] == ["Help", "Hello"]


class TestWorld:
    def test_the_account_is_shown(self, sdk):
        account = sdk.management.view_account_details().data
        assert (account.username, account.balance) == (sdk.account["credentials"]["username"], "1000.000000")
        assert account.currency.currency_name_short == "AUD"
        assert account.subaccount.api_key == sdk.account["credentials"]["api_key"]

    def test_usage_is_counted_by_month(self, sdk):
        sdk.send()
        sent = sdk.sms.view_sms_history().data.data[0]
        year, month = sdk.control("GET", "/clock")["now"].split("-")[:2]
        usage = sdk.management.view_account_usage(year, month).data
        assert (usage.sms_total.count, usage.sms[0].username) == (1, sent.api_username)

    def test_statistics_count_what_was_sent_came_in_and_failed(self, sdk):
        sdk.reply(sdk.send(), "hi")
        sdk.send(to="+15005550002")
        sdk.advance(2)
        total = sdk.statistics.view_sms_statistics().data.total
        assert (total.outbound.count, total.inbound.count, total.bounced.count) == (2, 1, 1)

    def test_countries_are_listed(self, sdk):
        assert "Australia" in {one.value for one in sdk.world.view_countries().data}

    def test_countries_are_chosen(self, sdk):
        numbers = [one.id for one in sdk.world.list_countries().data if one.code in {"AU", "NZ"}]
        wanted = clicksend.SelectCountriesForGlobalSendingRequest(country_list_ids=numbers)
        chosen = sdk.world.select_countries_for_global_sending(select_countries_for_global_sending_request=wanted).data
        assert [one.code for one in chosen] == ["AU", "NZ"]
        assert sdk.world.get_countries_for_global_sending().data == sdk.world.agree_to_rules_and_regulation().data == chosen

    def test_a_subaccount_is_made_viewed_changed_and_deleted(self, sdk):
        request = clicksend.CreateSubaccountRequest(
            api_username=f"jane-{sdk.account['id']}", password="secret", email="jane@example.com", phone_number="+61491570006",
            first_name="Jane", last_name="Doe", access_users=0,
        )  # fmt: skip
        made = sdk.subaccounts.create_subaccount(create_subaccount_request=request).data
        number = str(made.subaccount_id)
        assert (made.api_username, made.access_users, made.access_sms) == (request.api_username, 0, 1)
        main, listed = sdk.subaccounts.view_subaccounts().data.data
        assert main.api_username == sdk.account["credentials"]["username"]
        assert listed == made == sdk.subaccounts.view_specific_subaccount(number).data
        request = clicksend.UpdateSubaccountRequest(access_sms=0, email="doe@example.com")
        changed = sdk.subaccounts.update_subaccount(number, update_subaccount_request=request).data
        assert (changed.access_sms, changed.email, changed.first_name) == (0, "doe@example.com", "Jane")
        assert sdk.subaccounts.generate_new_api_key(number).data.api_key != made.api_key
        assert sdk.subaccounts.delete_subaccount(number).data is True
        assert sdk.subaccounts.view_subaccounts().data.data == [main]

    def test_an_own_number_is_proven_viewed_and_deleted(self, sdk):
        request = clicksend.RequestOwnNumberVerificationOtpRequest(label="Mine", phone_number="+61491570006", country="AU")
        asked = sdk.own_numbers.request_own_number_verification_otp(request_own_number_verification_otp_request=request)
        texted = sdk.control("GET", f"/messages?q=account:{sdk.account['id']}")["messages"][0]
        answer = clicksend.VerifyOwnNumberOtpRequest(phone_number="+61491570006", code=texted["codes"][0])
        verified = sdk.own_numbers.verify_own_number_otp(asked.id, verify_own_number_otp_request=answer)
        assert (verified.status, verified.remaining_attempts) == ("APPROVED", asked.remaining_attempts - 1)
        [listed] = sdk.own_numbers.list_own_numbers().own_numbers
        assert listed == sdk.own_numbers.get_own_number_detail(asked.own_number_id)
        with pytest.raises(clicksend.exceptions.UnauthorizedException):  # the client sends no credentials with this one
            sdk.own_numbers.update_own_number(asked.own_number_id)
        assert sdk.own_numbers.delete_own_number(asked.own_number_id).phone_number == "+61491570006"
        assert sdk.own_numbers.list_own_numbers().own_numbers == []

    def test_a_default_sender_is_set_viewed_changed_and_deleted(self, sdk):
        def strategy(sender):
            inner = clicksend.CreateDefaultSenderRequestDefaultSenderStrategiesInner
            return [inner(sender_type="alpha_tag", sender_id=sender, note="mine")]

        request = clicksend.CreateDefaultSenderRequest(
            country_code="AU", product_type="SMS", default_sender_strategies=strategy("MyShop")
        )
        made = sdk.default_senders.create_default_sender(create_default_sender_request=request).data
        assert (made.country_code, made.status, made.default_sender_strategies[0].priority) == ("AU", "ENABLED", 1)
        assert sdk.default_senders.get_default_sender_details(made.id).data == made
        assert sdk.default_senders.get_default_senders_list(per_page=5).data.data == [made]
        assert sdk.send().var_from == "MyShop"
        change = clicksend.UpdateDefaultSenderRequest(default_sender_strategies=strategy("OurShop"))
        sdk.default_senders.update_default_sender(made.id, update_default_sender_request=change)
        assert sdk.send().var_from == "OurShop"
        with pytest.raises(clicksend.exceptions.BadRequestException) as caught:
            sdk.default_senders.create_default_sender(create_default_sender_request=request)
        assert caught.value.data.details[0].var_field == "country_code"
        sdk.default_senders.delete_default_sender(made.id)
        assert sdk.default_senders.get_default_senders_list().data.data == []
        assert sdk.send().var_from not in {"MyShop", "OurShop"}

    def test_an_alpha_tag_is_requested_viewed_and_deleted(self, sdk):
        request = clicksend.RequestAlphaTagRequest(alpha_tag="MyShop", reason="Trademark")
        asked = sdk.alpha_tags.request_alpha_tag(request_alpha_tag_request=request)
        assert (asked.alpha_tag, asked.status, asked.reason) == ("MyShop", "PENDING", "Trademark")
        assert [one.id for one in sdk.alpha_tags.list_alpha_tags().alpha_tags] == [asked.id]
        assert sdk.alpha_tags.get_alpha_tag(asked.id).alpha_tag == "MyShop"
        sdk.alpha_tags.delete_alpha_tag(asked.id)
        assert sdk.alpha_tags.list_alpha_tags().alpha_tags == []

    def test_numbers_are_the_senders_that_are_phones(self, sdk):
        sdk.control("PATCH", f"/accounts/{sdk.account['id']}", senders=["+61412345678", "MyShop"])
        assert [one.dedicated_number for one in sdk.numbers.view_your_numbers().data.data] == ["+61412345678"]

    def test_addresses_that_may_send_by_e_mail_are_kept(self, sdk):
        wanted = clicksend.AddAllowedEmailRequest(email_address="a@example.com", var_from="MyShop")
        added = sdk.emails.add_allowed_email(add_allowed_email_request=wanted).data
        [kept] = sdk.emails.view_allowed_emails().data.data
        assert (kept.email_address_id, kept.email_address, kept.var_from) == (
            added.email_address_id, "a@example.com", "MyShop",
        )  # fmt: skip

    def test_history_is_exported_as_csv(self, sdk):
        sdk.send()
        with urlopen(sdk.sms.export_sms_history(filename="all.csv").data.url) as file:
            heads, row = file.read().decode().splitlines()
        assert heads.startswith("direction,date,to,body,status")
        assert row.startswith("out,")

    def test_contacts_are_imported_from_a_file(self, sdk):
        number = str(sdk.new_list())
        with receiving(answer=lambda _: (200, {}, b"0491 570 156,Ellen,Diaz\n+61491570157,Cody,Knapp\n")) as host:
            request = clicksend.ImportContactsRequest(file_url=f"{host.url}/x.csv", field_order="phone,first_name,last_name")
            queued = sdk.lists.import_contacts(number, import_contacts_request=request)
        assert (queued.response_msg, queued.data.ids) == ("Your file is now queued.", [queued.data.id])
        contacts = sdk.lists.view_list_contacts(number).data.data
        assert [(one.phone_number, one.first_name) for one in contacts] == [
            ("+61491570156", "Ellen"), ("+61491570157", "Cody"),
        ]  # fmt: skip

    def test_time_zones_are_listed(self, sdk):
        assert "Australia/Melbourne" in str(sdk.world.timezones().data)


def endpoints_of_the_client():
    """Every (method, path, name) that the client knows."""
    for _, api in inspect.getmembers(clicksend, inspect.isclass):
        for name, function in inspect.getmembers(api, inspect.isfunction):
            if name.endswith("_serialize") and name != "param_serialize":
                source = inspect.getsource(function)
                found = re.search(r"method='(\w+)',\s+resource_path='([^']+)'", source)
                if found:
                    yield found[1], found[2], name.strip("_").removesuffix("_serialize")


def test_every_method_of_the_client_that_has_an_endpoint_here_is_called(app):
    """An endpoint that is added here is called here, too."""
    called = "".join(path.read_text() for path in Path(__file__).parent.glob("*.py"))
    routes = app.url_map.bind("rest.clicksend.com")
    known, forgotten = 0, []
    for method, path, name in endpoints_of_the_client():
        try:
            routes.match("/clicksend" + re.sub(r"{\w+}", "1", path), method=method)
        except HTTPException:
            continue
        known += 1
        if f".{name}(" not in called:
            forgotten.append(name)
    assert known > 50
    assert forgotten == []
