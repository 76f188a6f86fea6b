"""Runs campaigns: prices them, takes the money, and turns each into messages when its time has come."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from emulator.core.accounts import Account
from emulator.core.addresses import is_msisdn
from emulator.core.campaigns import (
    CANCELLABLE,
    REVISABLE,
    Campaign,
    CampaignQuote,
    CampaignStatus,
    Mailing,
    Skipped,
    Slice,
    Writer,
)
from emulator.core.contacts import Contact
from emulator.core.errors import Reason, Refusal
from emulator.core.message import Status
from emulator.core.optouts import EVERY_SENDER, has_opted_out

if TYPE_CHECKING:
    from emulator.core.smsc import Smsc

SLICE = 500  # messages made before others get their turn


class Campaigner:
    """What the Smsc does for whole lists.

    A campaign that is to go out at once is queued, or approved where it had to wait for that, as long as a delivery takes.
    """

    def __init__(self, smsc: "Smsc") -> None:
        self._smsc = smsc
        self._store = smsc.store

    def campaigns(self, account: Account) -> Iterator[Campaign]:
        return self._store.find(Campaign, account=account.id)

    def campaign(self, account: Account, number: str) -> Campaign:
        """Raises Refusal(NOT_FOUND) for a campaign that is not the account's."""
        found = self._store.get(Campaign, number)
        if found is None or found.account != account.id:
            raise Refusal(Reason.NOT_FOUND, f"the account has no campaign {number}", field="sms_campaign_id")
        return found

    def recipients(self, account: Account, list_number: int) -> list[Contact]:
        """The contacts that can be sent to: those with a phone who have not opted out. Raises Refusal(NOT_FOUND)."""
        return self._audience(account, list_number)[0]

    def quote(self, account: Account, mailing: Mailing) -> CampaignQuote:
        """What ``mailing`` would cost if it went out now; who would be refused costs nothing.

        Raises Refusal(NOT_FOUND) for an unknown list.
        """
        contacts, skipped = self._checked(account, mailing.list_number)
        submissions = self._writer(account).write(account, mailing, contacts, None)
        quotes = zip(self._smsc.quote(account, submissions), self._smsc.objections(account, submissions), strict=True)
        price = sum((quote.price for quote, objection in quotes if objection is None), Decimal(0))
        return CampaignQuote(len(submissions), price, submissions[0] if submissions else None, skipped)

    def launch(self, account: Account, mailing: Mailing, quote: CampaignQuote, approval: timedelta) -> Campaign:
        """Take the money and send, now or when it is due, but not before ``approval``. Raises Refusal(NO_CREDIT)."""
        self._store.change(Account, account.id, lambda present: present.debited(quote.price))
        while True:
            number = self._smsc.ids.number(account.id, "campaign")
            campaign = self._made(number, account, mailing, quote, approval)
            if self._store.add(campaign):
                return self._planned(campaign, approval)

    def revise(
        self, account: Account, campaign: Campaign, mailing: Mailing, quote: CampaignQuote, approval: timedelta = timedelta(0)
    ) -> Campaign:
        """Replace what is said, to whom and when, and pay the difference; one that waits for its approval waits anew.

        Raises Refusal: NOT_CANCELLABLE for a campaign that has begun or ended, NO_CREDIT.
        """
        waits = campaign.status is CampaignStatus.WAITING
        revised = self._made(campaign.number, account, mailing, quote, approval if waits else timedelta(0))
        revised = replace(revised, version=campaign.version + 1)

        def unless_begun(present: Campaign) -> Campaign:
            if present.version != campaign.version or present.status not in REVISABLE:
                raise Refusal(Reason.NOT_CANCELLABLE, f"the campaign is {present.status}")
            return revised

        unless_begun(campaign)
        self._store.change(Account, account.id, lambda present: present.credited(campaign.held).debited(quote.price))
        try:
            self._store.change(Campaign, campaign.key, unless_begun)
        except Refusal:
            self._pay_back(account.id, quote.price - campaign.held)
            raise
        return self._planned(revised, approval)

    def cancel(self, campaign: Campaign) -> Campaign:
        """Stop a campaign that waits for its time, and give the money back. Raises Refusal: NOT_CANCELLABLE, NOT_FOUND."""

        def cancelled(present: Campaign) -> Campaign:
            if present.status not in CANCELLABLE:
                raise Refusal(Reason.NOT_CANCELLABLE, f"the campaign is {present.status}")
            return present.moved(CampaignStatus.CANCELLED)

        try:
            return self._settled(self._store.change(Campaign, campaign.key, cancelled))
        except KeyError:
            raise Refusal(Reason.NOT_FOUND, "the campaign has been forgotten") from None

    def run(self, planned: Slice) -> bool:
        """Make the next messages; what is left of the campaign is planned behind what else is due by then."""

        def begun(present: Campaign) -> Campaign:
            if present.version != planned.version:
                raise KeyError(planned.campaign)
            return (
                self._approved(present)
                if present.status is CampaignStatus.WAITING
                else replace(present, status=CampaignStatus.SENDING)
            )

        try:
            campaign = self._store.change(Campaign, planned.campaign, begun)
        except KeyError:  # changed or forgotten meanwhile
            return False
        if campaign.status is not CampaignStatus.SENDING:
            self._plan(Slice(campaign.due_at, campaign.account, campaign.key, campaign.version))
            return True
        try:
            self._send(campaign, planned.rest)
        except Exception as error:
            with suppress(KeyError):
                self._settled(self._changed(campaign, status=CampaignStatus.FAILED))
            if not isinstance(error, Refusal):  # of which there is one where its list has been deleted
                raise
        return True

    def _send(self, campaign: Campaign, rest: Sequence[Contact] | None) -> None:
        account = self._store.get(Account, campaign.account)
        if account is None:
            return
        if account.settings.get("blocked"):
            self._settled(self._changed(campaign, status=CampaignStatus.FAILED))
            return
        if rest is None:
            rest, skipped = self._checked(account, campaign.mailing.list_number)
            campaign = self._changed(campaign, recipients=len(rest), skipped=skipped)
        mailing = replace(campaign.mailing, reference=campaign.label)
        submissions = self._writer(account).write(account, mailing, rest[:SLICE], self._smsc)
        submissions = [replace(submission, campaign=campaign.key, exchange=campaign.exchange) for submission in submissions]
        left = self._smsc.release(account, submissions, campaign.held)
        campaign = self._changed(campaign, held=left)
        if rest := rest[SLICE:]:
            self._plan(Slice(self._smsc.clock.now(), account.id, campaign.key, campaign.version, tuple(rest)))
        else:
            self._settled(self._changed(campaign, status=self._end(campaign)))

    def _end(self, campaign: Campaign) -> CampaignStatus:
        """Failed, where not one message has gone out."""
        tally = self._smsc.tallies.of(campaign.account, campaign.key)
        gone = 0 if tally is None else tally.messages - tally.by_status.get(Status.REJECTED, 0)
        return CampaignStatus.SENT if gone else CampaignStatus.FAILED

    def _approved(self, campaign: Campaign) -> Campaign:
        now = self._smsc.clock.now()
        if campaign.due_at > now:
            return replace(campaign, status=CampaignStatus.SCHEDULED)
        return replace(campaign, status=CampaignStatus.APPROVED, due_at=now + (self._smsc.delivery or timedelta(0)))

    def _audience(self, account: Account, list_number: int) -> tuple[list[Contact], Skipped]:
        book = self._smsc.contacts
        listed = list(book.contacts(book.list_of(account.id, list_number)))
        reachable = [contact for contact in listed if is_msisdn(contact.phone)]
        willing = [one for one in reachable if not has_opted_out(self._store, account, one.phone, EVERY_SENDER)]
        return willing, Skipped(len(reachable) - len(willing), len(listed) - len(reachable))

    def _checked(self, account: Account, list_number: int) -> tuple[list[Contact], Skipped]:
        """The recipients, and who is none. Raises Refusal: NOT_FOUND, TOO_MANY_RECIPIENTS."""
        recipients, skipped = self._audience(account, list_number)
        most = self._smsc.terms[account.provider].most_recipients
        if most is not None and len(recipients) > most:
            raise Refusal(Reason.TOO_MANY_RECIPIENTS, f"{len(recipients)} recipients, {most} at most", field="list_id")
        return recipients, skipped

    def _made(self, number: int, account: Account, mailing: Mailing, quote: CampaignQuote, approval: timedelta) -> Campaign:
        now = self._smsc.clock.now()
        at_once = now + (self._smsc.delivery or timedelta(0))
        if mailing.due_at is not None and mailing.due_at > now:
            status, due_at = CampaignStatus.SCHEDULED, mailing.due_at
        else:
            status, due_at = CampaignStatus.QUEUED, at_once
        if approval:
            status = CampaignStatus.WAITING
        mailing = replace(mailing, due_at=max(mailing.due_at or now, now))
        return Campaign(
            number, account.id, account.provider, mailing, status, now, due_at, quote.recipients,
            held=quote.price, exchange=self._smsc.exchange(), skipped=quote.skipped,
        )  # fmt: skip

    def _planned(self, campaign: Campaign, approval: timedelta) -> Campaign:
        waits = campaign.status is CampaignStatus.WAITING
        at = campaign.created_at + approval if waits else campaign.due_at
        self._plan(Slice(at, campaign.account, campaign.key, campaign.version))
        return campaign

    def _plan(self, planned: Slice) -> None:
        self._store.schedule(planned)
        self._smsc.on_planned(planned.due_at)

    def _changed(self, campaign: Campaign, **changes: object) -> Campaign:
        return self._store.change(Campaign, campaign.key, lambda present: replace(present, **changes))  # type: ignore[arg-type]

    def _settled(self, campaign: Campaign) -> Campaign:
        """Nothing more will be sent: give back what was paid for it."""
        self._pay_back(campaign.account, campaign.held)
        return self._changed(campaign, held=Decimal(0))

    def _pay_back(self, account_id: str, amount: Decimal) -> None:
        if amount:
            self._store.change(Account, account_id, lambda present: present.credited(amount))

    def _writer(self, account: Account) -> Writer:
        writer = self._smsc.terms[account.provider].writer
        assert writer is not None, account.provider  # noqa: S101  # only a provider that has campaigns calls this
        return writer
