"""The forms of the admin as a browser without scripts fills and sends them."""

from html.parser import HTMLParser

from django.db import models
from django.urls import reverse
from django.utils import translation


def address(record, language="en", view="change"):
    name = f"admin:{record._meta.app_label}_{record._meta.model_name}_{view}"
    with translation.override(language):
        return reverse(name, args=[record.pk] if view in ("change", "delete", "history") else [])


class Form(HTMLParser):
    """What a browser would send of the record's form, if nobody touched it."""

    def __init__(self, html):
        super().__init__()
        self.sent, self.inside, self.area, self.select = {}, False, None, None
        self.feed(html)

    def send(self, name, value):
        self.sent.setdefault(name, []).append(value)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self.inside = attrs.get("id", "").endswith("_form")
        name = attrs.get("name")
        if not self.inside or "disabled" in attrs:
            return
        if tag == "input" and attrs.get("type") not in ("file", "submit", "checkbox", "radio"):
            self.send(name, attrs.get("value", ""))
        elif tag == "input" and "checked" in attrs:
            self.send(name, attrs.get("value", "on"))
        elif tag == "textarea":
            self.area = [name, ""]
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in attrs:
            self.send(self.select, attrs.get("value", ""))

    def handle_data(self, data):
        if self.area:
            self.area[1] += data

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = False
        elif tag == "textarea" and self.area:
            name, text = self.area
            self.send(name, text.removeprefix("\n").replace("\r\n", "\n").replace("\n", "\r\n"))
            self.area = None
        elif tag == "select":
            self.select = None


def form_at(client, url):
    page = client.get(url)
    assert page.status_code == 200, page
    return Form(page.content.decode()).sent


def press(client, url, button="_save", sent=None, **typed):
    """Open the form, type into some fields, press a button: its name, or name=value."""
    sent = {**(form_at(client, url) if sent is None else sent), **typed}
    name, _, value = button.partition("=")
    return client.post(url, {name: value for name, value in sent.items() if value is not None} | {name: value or "1"})


def row(prefix, number, **fields):
    """What is typed into one row of an inline."""
    return {f"{prefix}-{number}-{name}": value for name, value in fields.items()}


def columns(record, leave_out=()):
    """Every column of the row, of the rows that belong to it, and its plain relations."""
    own = own_columns(record)
    children = {
        relation.get_accessor_name(): [
            own_columns(child)
            for child in relation.related_model._base_manager.filter(**{relation.field.name: record.pk}).order_by("pk")
        ]
        for relation in record._meta.related_objects
        if relation.on_delete is models.CASCADE
    }
    related = {
        field.name: set(getattr(record, field.name).values_list("pk", flat=True))
        for field in record._meta.many_to_many
        if field.remote_field.through._meta.auto_created
    }
    return {name: value for name, value in own.items() if name not in leave_out}, children, related


def own_columns(record) -> dict:
    stored = type(record)._base_manager.get(pk=record.pk)
    # As the instance holds them: the attribute of a translated field would answer in the active language.
    return {field.attname: str(stored.__dict__[field.attname]) for field in record._meta.concrete_fields}


def nonce(get_response):
    """A middleware that gives each page the same nonce."""

    def respond(request):
        request.csp_nonce = "once"
        return get_response(request)

    return respond
