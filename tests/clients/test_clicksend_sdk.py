"""The round a campaign makes, by the vendor's own client: it raises on any value of a wrong type."""

import clicksend
import pytest

PHONES = ("+61491570156", "+61491570157", "+61491570158")
TEXT = "Hi (First Name), have a look"


def campaign(sdk, list_number, **changes):
    fields = {"list_id": list_number, "name": "Spring", "from": "+61411111111", "body": TEXT, "senders": [], **changes}
    return sdk.campaigns.send_sms_campaign(send_sms_campaign_request=clicksend.SendSmsCampaignRequest(**fields)).data


def found(sdk, **wanted):
    return sdk.campaigns.view_sms_campaigns(**wanted).data.data


class TestCampaigns:
    def test_what_is_priced_is_what_is_charged(self, sdk):
        request = clicksend.CalculateSmsCampaignPriceRequest(
            **{"list_id": str(sdk.new_list(*PHONES)), "name": "Spring", "from": "+61411111111", "body": TEXT}
        )
        price = sdk.campaigns.calculate_sms_campaign_price(calculate_sms_campaign_price_request=request).data
        assert (price.total_count, price.total_price) == (3, "0.2376")
        assert price.data.body == "Hi John, have a look"
        campaign(sdk, int(request.list_id))
        assert sdk.management.view_account_details().data.balance == "999.762400"

    def test_one_that_waits_is_viewed_found_and_cancelled(self, sdk):
        sent = campaign(sdk, sdk.new_list(*PHONES), name="Later", schedule=sdk.now() + 3600, source="till")
        assert (sent.status, sent.total_count, sent.list_name) == ("Scheduled", 3, "Customers")
        number = str(sent.sms_campaign_id)
        assert sdk.campaigns.view_specific_sms_campaign(number).data.to_dict() == sent.to_dict()
        assert [one.name for one in found(sdk, q="status:Scheduled", order_by="schedule:desc", page=1, limit=15)] == ["Later"]
        assert found(sdk, q="name:Nothing") == []
        assert sdk.campaigns.cancel_sms_campaign(number).data.status == "Cancelled"
        assert [one.status for one in found(sdk)] == ["Cancelled"]
        assert sdk.management.view_account_details().data.balance == "1000.000000"

    def test_one_that_is_updated_says_the_new_thing_at_once(self, sdk):
        """The client cannot say ``schedule`` in an update, and without one a campaign goes out now."""
        list_number = sdk.new_list(*PHONES)
        number = str(campaign(sdk, list_number, schedule=sdk.now() + 3600).sms_campaign_id)
        request = clicksend.CalculateSmsCampaignPriceRequest(
            **{"list_id": str(list_number), "name": "Summer", "from": "+61411111111", "body": "Bye (First Name)"}
        )
        updated = sdk.campaigns.update_sms_campaign(number, calculate_sms_campaign_price_request=request).data
        assert (updated.name, updated.status) == ("Summer", "Queued")
        sdk.advance(10)
        assert sdk.campaigns.view_specific_sms_campaign(number).data.status == "Sent"
        history = sdk.sms.view_sms_history(q="status:Sent", order_by="to:asc").data.data
        assert [(row.to, row.body) for row in history] == [(phone, "Bye John") for phone in PHONES]
        assert {row.list_id for row in history} == {str(list_number)}

    def test_senders_by_country_come_back_as_they_were_given(self, sdk):
        senders = [
            clicksend.SendersInner(recipient_country_code="AU", sender_id="MyShop"),
            clicksend.SendersInner(recipient_country_code="BG", sender_type="shared_longcode", sender_country_code="FR"),
        ]
        sent = campaign(sdk, sdk.new_list(PHONES[0]), senders=senders)
        shown = [one.to_dict() for one in sent.senders]
        assert shown == [one.to_dict() for one in senders]
        sdk.advance(10)
        assert sdk.sms.view_sms_history().data.data[0].var_from == "MyShop"

    def test_clicks_on_its_short_links_are_counted(self, sdk):
        sent = campaign(sdk, sdk.new_list(*PHONES), url_to_shorten="https://shop.example/spring")
        sdk.advance(10)
        [statistics] = sdk.urls.short_url_get_statistics("sms_campaign", str(sent.sms_campaign_id)).data
        assert (statistics.links.total, statistics.links.unopened) == (3, 3)
        tracking = sdk.urls.short_url_get_tracking(statistics.long_url_id)
        assert {row.contact.phone_number for row in tracking.data} == set(PHONES)

    def test_one_to_an_unknown_list_raises_the_clients_own_exception(self, sdk):
        with pytest.raises(clicksend.exceptions.NotFoundException) as caught:
            campaign(sdk, 1)
        assert "Your list is not found." in caught.value.body


class TestListsAndContacts:
    def test_a_list_is_made_viewed_renamed_and_deleted(self, sdk):
        number = str(sdk.new_list(PHONES[0], name="First"))
        assert sdk.lists.view_specific_list(number).data.contacts_count == 1
        request = clicksend.CreateListRequest(list_name="Second")
        assert sdk.lists.update_list(number, create_list_request=request).data.list_name == "Second"
        assert [one.list_name for one in sdk.lists.view_lists().data.data] == ["Opt-Out List", "Second"]
        assert sdk.lists.delete_list(number).response_msg == f"List #{number} has been deleted."
        assert [one.list_name for one in sdk.lists.view_lists().data.data] == ["Opt-Out List"]

    def test_a_contact_is_made_viewed_changed_and_deleted(self, sdk):
        number = sdk.new_list()
        made = sdk.new_contact(number, "0491 570 156", custom_1="gold", email="john@example.com", address_city="Perth")
        assert (made.phone_number, made.custom_1, made.email) == (PHONES[0], "gold", "john@example.com")
        where = (str(number), str(made.contact_id))
        assert sdk.contacts.get_specific_contact(*where).data.to_dict() == made.to_dict()
        request = clicksend.CreateNewContactRequest(first_name="Jane")
        assert sdk.contacts.update_contact(*where, create_new_contact_request=request).data.first_name == "Jane"
        assert [one.first_name for one in sdk.lists.view_list_contacts(str(number)).data.data] == ["Jane"]
        assert sdk.contacts.delete_contact(*where).response_msg == f"Contact #{made.contact_id} has been deleted."
        assert sdk.lists.view_list_contacts(str(number)).data.data == []

    def test_contacts_are_copied_and_transferred(self, sdk):
        first, second = sdk.new_list(), sdk.new_list()
        contact = str(sdk.new_contact(first, PHONES[0]).contact_id)
        sdk.lists.copy_contact_to_list(str(first), contact, str(second), body={})
        sdk.lists.transfer_contact_to_list(str(first), contact, str(second), body={})
        counts = [sdk.lists.view_specific_list(str(one)).data.contacts_count for one in (first, second)]
        assert counts == [0, 2]

    def test_duplicates_and_who_opted_out_are_removed(self, sdk):
        number = sdk.new_list(PHONES[0], PHONES[0], PHONES[1])
        fields = clicksend.RemoveDuplicateContactsRequestFields(phone_number="phone_number")
        request = clicksend.RemoveDuplicateContactsRequest(fields=fields)
        removed = sdk.lists.remove_duplicate_contacts(str(number), remove_duplicate_contacts_request=request)
        assert removed.data.deleted == 1
        opt_out = sdk.lists.view_lists().data.data[0].list_id
        sdk.new_contact(opt_out, PHONES[1])
        assert sdk.lists.remove_opted_out_contacts(str(number), str(opt_out), body={}).data.deleted == 1

    def test_a_search_is_answered(self, sdk):
        """The client has no model for the answer, and throws it away."""
        sdk.new_list(PHONES[0], name="Haystack")
        assert sdk.lists.view_contact_lists(q="hay") is None
        assert b"Haystack" in sdk.lists.view_contact_lists_with_http_info(q="hay").raw_data


class TestMessages:
    def test_one_is_sent_and_stands_in_history_and_statistics(self, sdk):
        sent = sdk.send(custom_string="order 7")
        assert (sent.status, sent.to, sent.message_price) == ("SUCCESS", PHONES[0], "0.0792")
        sdk.advance(2)
        [row] = sdk.sms.view_sms_history(q=f"to:{PHONES[0]}", order_by="date:desc", page=1, limit=15).data.data
        assert (row.message_id, row.status, row.custom_string) == (sent.message_id, "Sent", "order 7")
        assert sdk.statistics.view_sms_statistics().data.total.outbound.count == 1

    @pytest.mark.parametrize(
        ("fields", "status"),
        [
            ({"to": "+15005550012"}, "INSUFFICIENT_CREDIT"),
            ({"var_from": "edwardo33120"}, "INVALID_SENDER_ID"),
            ({"body": " "}, "EMPTY_MESSAGE"),
            ({"to": None}, "MISSING_REQUIRED_FIELDS"),
            ({"schedule": 10**15}, "INVALID_SCHEDULE"),
            ({"to": None, "list_id": "1"}, "NOT_ENOUGH_PERMISSION_TO_LIST_ID"),
            ({"to": "+15005550008"}, "THROTTLED"),
        ],
    )
    def test_one_that_is_refused_says_why(self, sdk, fields, status):
        earliest = sdk.now()
        sent = sdk.send(**fields)
        assert sent.status == status
        assert earliest <= sent.schedule <= sdk.now()

    def test_one_that_is_refused_keeps_its_schedule(self, sdk):
        later = sdk.now() + 3600
        assert sdk.send(schedule=later, var_from="edwardo33120").schedule == later

    def test_one_that_is_refused_has_no_price(self, sdk):
        message = clicksend.CalculateSmsPriceRequestMessagesInner(to=PHONES[0], body=" ")
        request = clicksend.CalculateSmsPriceRequest(messages=[message])
        [refused] = sdk.sms.calculate_sms_price(calculate_sms_price_request=request).data.messages
        assert (refused.status, refused.message_price) == ("EMPTY_MESSAGE", None)

    def test_one_to_a_list_is_a_message_to_each(self, sdk):
        message = clicksend.SendSmsRequestMessagesInner(list_id=str(sdk.new_list(*PHONES)), body=TEXT)
        request = clicksend.SendSmsRequest(messages=[message], shorten_urls=False)
        answer = sdk.sms.send_sms(send_sms_request=request).data
        assert (answer.total_count, answer.queued_count, answer.blocked_count) == (3, 3, 0)
        assert [one.body for one in answer.messages] == ["Hi John, have a look"] * 3

    def test_a_price_is_quoted_per_message(self, sdk):
        message = clicksend.CalculateSmsPriceRequestMessagesInner(to=PHONES[0], body="x" * 161)
        request = clicksend.CalculateSmsPriceRequest(messages=[message])
        price = sdk.sms.calculate_sms_price(calculate_sms_price_request=request).data
        assert (price.messages[0].message_parts, price.messages[0].message_price) == (2, "0.1584")

    def test_scheduled_ones_are_cancelled_alone_and_all_together(self, sdk):
        later = sdk.now() + 3600
        one, *_ = [sdk.send(schedule=later, custom_string="batch") for _ in range(3)]
        assert sdk.sms.cancel_sms(one.message_id).http_code == 200
        request = clicksend.CancelAllSmsRequest(custom_string="batch")
        assert sdk.sms.cancel_all_sms(cancel_all_sms_request=request).data.count == 2
        assert sdk.sms.cancel_all_sms().data.count == 0

    def test_receipts_are_fetched_and_marked_as_read(self, sdk):
        sdk.keep_receipts()
        sent = sdk.send()
        sdk.advance(2)
        receipt = sdk.sms.view_specific_sms_receipt(sent.message_id).data
        assert (receipt.message_id, receipt.status_code) == (sent.message_id, 201)
        assert [one.message_id for one in sdk.sms.view_sms_receipts(page=1, limit=15).data.data] == [sent.message_id]
        request = clicksend.MarkSmsReceiptAsReadRequest(date_before=sdk.now() + 1)
        sdk.sms.mark_sms_receipt_as_read(mark_sms_receipt_as_read_request=request)
        assert sdk.sms.view_sms_receipts().data.data == []

    def test_a_failed_message_says_why_in_receipt_and_history(self, sdk):
        sent = sdk.send(to="+15005550002")
        sdk.advance(2)
        receipt = sdk.sms.view_specific_sms_receipt(sent.message_id).data
        assert (receipt.status_code, receipt.error_code) == (301, 7)
        [row] = sdk.sms.view_sms_history(q="status:Failed").data.data
        assert (row.status_code, row.error_code) == ("301", "7")

    def test_replies_are_fetched_and_marked_as_read(self, sdk):
        sdk.keep_replies()
        sent = sdk.send()
        for text in ("Yes please", "No"):
            sdk.reply(sent, text)
        first, second = sdk.sms.view_inbound_sms(page=1, limit=15).data.data
        assert (first.body, first.keyword, first.original_message_id) == ("Yes please", "yes", sent.message_id)
        assert sdk.sms.view_a_specific_inbound_sms_message(sent.message_id).data.body == "No"
        sdk.sms.mark_specific_inbound_sms_message_as_read(first.message_id)
        assert [one.message_id for one in sdk.sms.view_inbound_sms().data.data] == [second.message_id]
        sdk.sms.mark_inbound_sms_as_read()
        assert sdk.sms.view_inbound_sms().data.data == []
