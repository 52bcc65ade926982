import django.utils.timezone
from django.db import migrations, models

# The log is added to and never changed: the database refuses it, whoever asks. Who may alter tables can take the refusal
# away, so the site is best run by a role that may not. A later migration that makes the table anew, as SQLite does for
# most changes of a column, drops the triggers with the old table: call `refuse` again after it.
REFUSE = {
    # A REPLACE deletes without asking the trigger of DELETE; it is told by the key that is taken.
    "sqlite": [
        """CREATE TRIGGER audit_no_update BEFORE UPDATE ON editorial_auditentry
        BEGIN SELECT RAISE(ABORT, 'The audit log is never changed.'); END""",
        """CREATE TRIGGER audit_no_delete BEFORE DELETE ON editorial_auditentry
        BEGIN SELECT RAISE(ABORT, 'Nothing is deleted from the audit log.'); END""",
        """CREATE TRIGGER audit_no_replace BEFORE INSERT ON editorial_auditentry
        WHEN NEW.id > 0 AND EXISTS (SELECT 1 FROM editorial_auditentry WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'The audit log is never changed.'); END""",
    ],
    "postgresql": [
        """CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION USING
                MESSAGE = 'The audit log is never changed: ' || TG_OP || ' is refused.',
                ERRCODE = 'integrity_constraint_violation';
        END $$""",
        """CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON editorial_auditentry
        FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()""",
        # Also in a session that replays another server's writes, where triggers otherwise rest.
        "ALTER TABLE editorial_auditentry ENABLE ALWAYS TRIGGER audit_no_change",
    ],
}
ALLOW = {
    "sqlite": ["DROP TRIGGER audit_no_update", "DROP TRIGGER audit_no_delete", "DROP TRIGGER audit_no_replace"],
    "postgresql": ["DROP TRIGGER audit_no_change ON editorial_auditentry", "DROP FUNCTION audit_refuse()"],
}


def refuse(apps, schema_editor):
    for statement in REFUSE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def allow(apps, schema_editor):
    for statement in ALLOW[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):

    dependencies = [("editorial", "0001_history")]

    operations = [
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="moment")),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("log_in", "Log-in"),
                            ("log_in_failed", "Failed log-in"),
                            ("log_out", "Log-out"),
                            ("password_changed", "Password changed"),
                            ("rights_changed", "Rights changed"),
                            ("create", "Created"),
                            ("save", "Saved"),
                            ("delete", "Deleted"),
                            ("submit", "Submitted for review"),
                            ("request_changes", "Changes requested"),
                            ("approve", "Approved"),
                            ("take_back", "Taken back"),
                            ("assign", "Assigned"),
                            ("schedule", "Scheduled"),
                            ("unschedule", "Schedule removed"),
                            ("publish", "Published"),
                            ("publish_unreviewed", "Published without review"),
                            ("plan_withdrawal", "Withdrawal scheduled"),
                            ("keep", "Withdrawal cancelled"),
                            ("withdraw", "Withdrawn"),
                            ("restore", "Made public again"),
                            ("discard", "Working copy discarded"),
                            ("override", "Rule overridden"),
                            ("preview_made", "Preview link made"),
                            ("preview_seen", "Preview opened"),
                            ("preview_revoked", "Preview link revoked"),
                            ("export", "Exported"),
                        ],
                        max_length=30,
                        verbose_name="action",
                    ),
                ),
                ("actor_id", models.BigIntegerField(blank=True, null=True, verbose_name="account number")),
                ("actor", models.CharField(blank=True, max_length=150, verbose_name="who")),
                ("subject_type", models.CharField(blank=True, max_length=80, verbose_name="kind")),
                ("subject_key", models.CharField(blank=True, max_length=64, verbose_name="key")),
                ("subject", models.CharField(blank=True, max_length=300, verbose_name="what")),
                ("detail", models.JSONField(blank=True, default=dict, verbose_name="details")),
                ("address", models.GenericIPAddressField(blank=True, null=True, verbose_name="network address")),
            ],
            options={
                "verbose_name": "audit log entry",
                "verbose_name_plural": "audit log entries",
                "default_permissions": ["view"],
                "indexes": [
                    models.Index(fields=["-at", "-id"], name="audit_newest"),
                    models.Index(fields=["action", "-at", "-id"], name="audit_by_action"),
                    models.Index(fields=["subject_key"], name="audit_by_subject"),
                ],
            },
        ),
        migrations.RunPython(refuse, allow),
    ]
