"""Who is told of what happens to an entry, by e-mail: of each thing at once, once a day of all, or not at all."""

import logging
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import mail
from django.db import models, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from research_hub.languages.addresses import OWN_NAMES, absolute
from research_hub.languages.text import LANGUAGES

from .history import submitter
from .moments import in_words
from .roles import permission

logger = logging.getLogger(__name__)

KEPT_FOR = timedelta(days=90)
LONGEST_SUBJECT = 150

# What each step is told as; of one that is not here nobody is told.
WHAT = {
    "submit": _("Waits for review"),
    "request_changes": _("Changes requested"),
    "approve": _("Approved"),
    "take_back": _("Taken back to draft"),
    "assign": _("Handed to you"),
    "publish": _("Published"),
    "publish_unreviewed": _("Published without review"),
    "schedule": _("Scheduled"),
    "withdraw": _("Withdrawn"),
    "restore": _("Made public again"),
    "publish_failed": _("Could not be published at its time"),
    "missed": _("Published or withdrawn late"),
    "translation_planned": _("To be translated by you"),
    "translation_submitted": _("Translation waits for review"),
    "translation_approved": _("Translation approved"),
    "translation_sent_back": _("Translation sent back"),
    "translation_overdue": _("Translation overdue"),
}
BY_THE_CLOCK = {"publish_failed", "missed"}  # what nobody does, so that nobody knows of it yet


class NoticeWish(models.Model):
    """How somebody wants to be told; who never said is told of each thing, in the language of the site."""

    class How(models.TextChoices):
        EACH = "each", _("A message for each")
        DIGEST = "digest", _("One message a day with all of them")
        NONE = "none", _("No messages")

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notice_wish")
    how = models.CharField(_("how often"), max_length=10, choices=How, default=How.EACH)
    language = models.CharField(
        _("language"), max_length=2, choices=[(code, OWN_NAMES[code]) for code in LANGUAGES], default="en"
    )

    class Meta:
        verbose_name = _("wish for notices")
        verbose_name_plural = _("wishes for notices")
        default_permissions = []
        constraints = [
            models.CheckConstraint(condition=models.Q(how__in=["each", "digest", "none"]), name="wish_is_known"),
            models.CheckConstraint(condition=models.Q(language__in=["en", "es"]), name="wish_language_is_known"),
        ]

    def __str__(self):
        return self.get_how_display()


class NoticeQuerySet(models.QuerySet):
    def waiting(self):
        """What is still to be sent, to those who can read it and want it."""
        able = self.filter(recipient__is_active=True, recipient__is_staff=True).exclude(recipient__email="")
        return able.filter(sent_at=None).exclude(recipient__notice_wish__how=NoticeWish.How.NONE)

    def for_digests(self):
        return self.filter(recipient__notice_wish__how=NoticeWish.How.DIGEST)

    def for_each(self):
        return self.exclude(recipient__notice_wish__how=NoticeWish.How.DIGEST)

    def oldest_first(self):
        return self.order_by("made_at", "pk")


class Notice(models.Model):
    """One thing that one person is told, in words that stay true when the entry is gone."""

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    step = models.CharField(max_length=30)
    uid = models.CharField(max_length=10)
    title = models.CharField(max_length=1200)
    path = models.CharField(max_length=200)
    note = models.TextField(blank=True)
    by = models.CharField(max_length=310, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        default_permissions = []
        indexes = [
            models.Index(fields=["recipient", "made_at"], condition=models.Q(sent_at=None), name="notice_waiting"),
            models.Index(fields=["made_at"], name="notice_by_age"),
        ]

    def __str__(self):
        return f"{self.what}: {self.title}"

    @property
    def what(self) -> str:
        return str(WHAT.get(self.step, self.step))

    @property
    def who(self) -> str:
        if not self.by:
            return ""
        words = gettext("Set by: %s") if self.step in BY_THE_CLOCK else gettext("By: %s")
        return words % self.by

    @property
    def address(self) -> str:
        return absolute(self.path)


# Who is told


Page = tuple[str, list]  # the name of an address in the admin, and what it is filled with


def tell(step: str, entry, *, by, note: str = "", people=None, page: Page | None = None) -> None:
    """Write down who is to be told, in the transaction of the step; the mail goes when that is committed.

    `people` are those whom the step concerns, where it is none of the workflow's own, and `page` is where it leads.
    """
    if step not in WHAT:
        return
    try:
        with transaction.atomic():
            told = recipients(step, entry, by) if people is None else people.exclude(email="").order_by("pk")
            made = write_down(list(told), step, entry, by, note, page)
    except Exception:  # whatever it is: a step does not fail because nobody could be told of it
        logger.exception("Nobody is told of “%s” of %s", step, entry.uid)
        return
    if made:
        transaction.on_commit(partial(send_at_once, made), robust=True)


def write_down(people: list, step: str, entry, by, note: str, page: Page | None) -> list[int]:
    wishes = {wish.user_id: wish for wish in NoticeWish.objects.filter(user__in=people)}
    notices = []
    for person in people:
        wish = wishes.get(person.pk) or NoticeWish(user=person, language=settings.LANGUAGE_CODE)
        if wish.how != NoticeWish.How.NONE:
            with translation.override(wish.language):
                notices.append(notice(person, step, entry, by, note, page))
    return [made.pk for made in Notice.objects.bulk_create(notices)]


def notice(person, step: str, entry, by, note: str, page: Page | None) -> Notice:
    """In the language that is spoken now. It leads to the entry itself, which opens its working copy if it has one."""
    if step == "schedule":
        note = "\n".join(filter(None, [scheduled_for(entry.publish_at), note]))
    main = entry.main
    name, arguments = page or (f"admin:{main._meta.app_label}_{main._meta.model_name}_change", [main.pk])
    return Notice(
        recipient=person,
        step=step,
        uid=main.uid,
        title=str(entry),
        path=reverse(name, args=arguments),
        note=note,
        by=name_of(by),
    )


def scheduled_for(moment) -> str:
    return gettext("Scheduled for %s") % f"{in_words(moment)} ({timezone.get_current_timezone_name()})"


def name_of(person) -> str:
    """A user by name; what is no user, as a command, says its own."""
    if person is None or isinstance(person, str):
        return person or ""
    return person.get_full_name() or person.get_username()


def recipients(step: str, entry, by):
    """Each once, and only who may open the entry and has an address; not the one who did it."""
    told = concerned(step, entry, by) - (set() if step in BY_THE_CLOCK else {getattr(by, "pk", None)})
    return holders("view", entry).filter(pk__in=told).exclude(email="").order_by("pk")


def concerned(step: str, entry, by) -> set[int]:
    if step in BY_THE_CLOCK:
        return {entry.scheduled_by_id, getattr(by, "pk", None), *keys_of(holders("publish", entry))} - {None}
    if step not in ("submit", "assign"):
        return writers(entry)
    if step == "assign" or entry.assigned_to_id:
        return {entry.assigned_to_id} - {None}
    return keys_of(holders("review", entry))


def writers(entry) -> set[int]:
    """Who wrote it: made it, changed it last, stands in its byline; and who submitted it, as a published working
    copy no longer says who made it."""
    keys = {entry.created_by_id, entry.updated_by_id, submitter(entry)}
    return (keys | set(entry.people_with_accounts().values_list("user", flat=True))) - {None}


def holders(right: str, entry):
    """The active staff with this right over entries of its kind."""
    return who_may(permission(right, entry))


def who_may(permission: str):
    """The active staff with this permission."""
    backend = "django.contrib.auth.backends.ModelBackend"
    return get_user_model().objects.with_perm(permission, backend=backend).filter(is_staff=True)


def keys_of(people) -> set[int]:
    return set(people.values_list("pk", flat=True))


# Sending


def send_at_once(keys: list[int]) -> int:
    """Of what was just written down, what people want to hear of at once."""
    wanted = Notice.objects.waiting().for_each().filter(pk__in=keys).oldest_first()
    return send([Notice.objects.filter(pk=pk) for pk in wanted.values_list("pk", flat=True)])


def send_waiting() -> int:
    """A digest to each who wants that, and what could not be sent before; returns the number of messages."""
    waiting = Notice.objects.waiting()
    readers = waiting.for_digests().order_by("recipient").values_list("recipient", flat=True).distinct()
    left = waiting.for_each().oldest_first().values_list("pk", flat=True)
    digests = [Notice.objects.filter(recipient=pk) for pk in readers]
    return send([*digests, *(Notice.objects.filter(pk=pk) for pk in left)])


def send(parcels: list[NoticeQuerySet]) -> int:
    """A message for each parcel of notices, all by one connection; returns how many were sent."""
    sent = 0
    if not parcels:
        return sent
    try:
        with mail.get_connection() as connection:
            for parcel in parcels:
                sent += deliver(parcel, connection)
    except Exception:  # no connection: nothing is claimed, and `send_notices` tries again
        logger.exception("The mail server cannot be reached")
    return sent


def deliver(parcel: NoticeQuerySet, connection) -> bool:
    notices = claim(parcel)
    if not notices:
        return False
    try:
        message(notices, connection).send()
    except Exception:  # a refused address, a lost connection: the others are still sent
        logger.exception("A notice could not be sent to %s", notices[0].recipient.get_username())
        Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(sent_at=None)
        return False
    return True


def claim(parcel: NoticeQuerySet) -> list[Notice]:
    """Those of them that nobody else sends; from here on nobody else will.

    Where the machine stops between this and the mail, they are never sent: that is better than twice.
    """
    with transaction.atomic():
        waiting = parcel.waiting().select_for_update(skip_locked=True, of=("self",))
        notices = list(waiting.select_related("recipient").oldest_first())
        Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(sent_at=timezone.now())
    return notices


def message(notices: list[Notice], connection) -> mail.EmailMessage:
    """To one person, in their language."""
    recipient = notices[0].recipient
    language = language_of(recipient)
    with translation.override(language):
        context = {"notices": notices, "wishes": absolute(reverse("admin:my_notices"))}
        return mail.EmailMessage(
            subject=subject(notices, settings.SITE_NAME[language]),
            body=render_to_string("editorial/notice.txt", context),
            to=[recipient.email],
            connection=connection,
            headers={"Auto-Submitted": "auto-generated"},  # so that nobody's absence answers it
        )


def language_of(person) -> str:
    return chosen_language(person) or settings.LANGUAGE_CODE


def chosen_language(person) -> str:
    """Empty where they never chose one."""
    return NoticeWish.objects.filter(user=person).values_list("language", flat=True).first() or ""


def subject(notices: list[Notice], site: str) -> str:
    """On one line, whatever stands in a title."""
    count = len(notices)
    words = str(notices[0]) if count == 1 else ngettext("%(n)s notice", "%(n)s notices", count) % {"n": count}
    line = " ".join(f"[{site}] {words}".split())
    return line if len(line) <= LONGEST_SUBJECT else f"{line[: LONGEST_SUBJECT - 1]}…"


def forget_old() -> int:
    """Let go of notices that are too old to matter, sent or not; returns how many."""
    return Notice.objects.filter(made_at__lt=timezone.now() - KEPT_FOR).delete()[0]
