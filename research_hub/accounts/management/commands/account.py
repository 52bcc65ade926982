"""What an administrator does for somebody who cannot get in, where no administrator can get in."""

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from research_hub.accounts.resetting import send_link
from research_hub.accounts.second_factor import device_of, remove
from research_hub.accounts.sessions import StaffSession, end_sessions
from research_hub.accounts.throttling import is_locked_out, unlock
from research_hub.editorial.audit import AuditEntry, record

COMMAND = "manage.py account"
Action = AuditEntry.Action


class Command(BaseCommand):
    help = "Shows how an account stands; unlocks it, logs it out, takes its second factor away, mails it a link."

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument("--unlock", action="store_true", help="after too many wrong attempts")
        parser.add_argument("--log-out", action="store_true", help="everywhere")
        parser.add_argument("--reset-second-factor", action="store_true", help="it is set up anew at the next log-in")
        parser.add_argument("--send-link", action="store_true", help="to choose a password, to its e-mail address")

    def handle(self, *args, username, **options):
        account = get_user_model().objects.filter(username=username).first()
        if account is None:
            raise CommandError(f"There is no account named {username}.")
        if options["unlock"]:
            self.note(Action.UNLOCKED, account, count=unlock(account))
        if options["log_out"] or options["reset_second_factor"]:
            self.note(Action.SESSIONS_ENDED, account, count=end_sessions(account))
        if options["reset_second_factor"]:
            with transaction.atomic():
                remove(account)
                self.note(Action.SECOND_FACTOR, account, what="reset")
        if options["send_link"]:
            if not account.email or not send_link(account):
                raise CommandError("The link could not be sent: see the account's e-mail address and EMAIL_URL.")
            self.note(Action.PASSWORD_LINK, account)
        self.show(account)

    def note(self, action, account, **detail):
        record(action, by=COMMAND, subject=account, **detail)

    def show(self, account):
        told = {
            "active": account.is_active,
            "staff": account.is_staff,
            "password": account.has_usable_password(),
            "second factor": device_of(account) is not None,
            "recovery codes": account.recovery_codes.count(),
            "shut out": is_locked_out(account),
            "sessions": StaffSession.objects.of(account).alive().count(),
        }
        for name, value in told.items():
            said = {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
            self.stdout.write(f"{name}: {said}")
