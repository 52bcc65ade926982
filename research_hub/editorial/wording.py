"""Messages of others that our catalogue says in Spanish: named here so that it is known to hold them.

DJANGO are those of Django whose Spanish has one gender and number whatever the record, or an English word in it; the
catalogue of a project is asked before Django's own. EDITOR are those of the rich text editor, which has no Spanish.
"""

from django.utils.translation import gettext_noop as _

DJANGO = [
    _("The {name} “{obj}” was added successfully."),
    _("The {name} “{obj}” was added successfully. You may add another {name} below."),
    _("The {name} “{obj}” was changed successfully."),
    _("The {name} “{obj}” was changed successfully. You may add another {name} below."),
    _("The {name} “{obj}” was changed successfully. You may edit it again below."),
    _("You may edit it again below."),
    _("The %(name)s “%(obj)s” was deleted successfully."),
    _("Successfully deleted %(count)d %(items)s."),
    _("%(name)s with ID “%(key)s” doesn’t exist. Perhaps it was deleted?"),
    _("View"),
    _("View %s"),
    _("Add another %(model)s"),
    _("Add another %(verbose_name)s"),
    _("Change selected %(model)s"),
    _("Delete multiple objects"),
    _(
        'Are you sure you want to delete the %(object_name)s "%(escaped_object)s"? '
        "All of the following related items will be deleted:"
    ),
    _(
        "Are you sure you want to delete the selected %(objects_name)s? "
        "All of the following objects and their related items will be deleted:"
    ),
    _(
        "Deleting the %(object_name)s '%(escaped_object)s' would result in deleting related objects, "
        "but your account doesn't have permission to delete the following types of objects:"
    ),
    _(
        "Deleting the %(object_name)s '%(escaped_object)s' would require deleting "
        "the following protected related objects:"
    ),
    _(
        "Deleting the selected %(objects_name)s would result in deleting related objects, "
        "but your account doesn't have permission to delete the following types of objects:"
    ),
    _("Deleting the selected %(objects_name)s would require deleting the following protected related objects:"),
    _("Yes, I’m sure"),
    _("No, take me back"),
    _("0 of %(cnt)s selected"),
    _("Remove from sorting"),
    _("Welcome,"),
    _("Thanks for spending some quality time with the web site today."),
    _("staff status"),
    _("Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only."),
    _("Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters."),
]

EDITOR = [
    _("paragraph"), _("Paragraph"), _("heading 2"), _("heading 3"), _("heading 4"),
    _("Heading 2"), _("Heading 3"), _("Heading 4"), _("unordered list"), _("ordered list"), _("blockquote"),
    _("horizontal rule"), _("bold"), _("italic"), _("underline"), _("strike"), _("subscript"), _("superscript"),
    _("undo"), _("redo"), _("insert link"), _("remove link"),
    _("Insert table"), _("Add column"), _("Delete column"), _("Add row"), _("Delete row"), _("Merge cells"),
    _("Split cell"), _("Toggle header cell"), _("Delete table"),
    _("Edit Link"), _("URL"), _("Title"), _("Open in new window"), _("Update"), _("Cancel"),
    _("Table Properties"), _("Rows"), _("Columns"), _("Include header row"), _("Insert Table"), _("Yes"), _("No"),
    _("List properties"), _("List type"), _("Start at"), _("Bullets"), _("Decimal numbers"), _("Lowercase letters"),
    _("Uppercase letters"), _("Lowercase Roman numerals"), _("Uppercase Roman numerals"),
]  # fmt: skip
