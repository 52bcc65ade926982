import json

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from research_hub.operations.doctor import SHOWN, Result, all_checks, examine

MARKS = {"right": "✓", "advice": "!", "wrong": "✗"}


class Command(BaseCommand):
    help = (
        "Look at everything that the site needs: settings, database, files, mail, schedule, what every check_… command "
        "proves. Says how to mend what is wrong, and ends with 1 if anything is; advice alone ends with 0."
    )
    requires_system_checks = ()  # they are among what it looks at

    def add_arguments(self, parser):
        parser.add_argument("checks", nargs="*", metavar="check", help="only these; all where none is named")
        parser.add_argument("--json", action="store_true", help="print what was found as JSON")
        languages = [code for code, _name in settings.LANGUAGES]
        parser.add_argument("--language", choices=languages, default=settings.LANGUAGE_CODE, help="to speak in")

    def handle(self, *, checks: list[str], json: bool, language: str, **options):
        terminal = self.stderr._out
        known = [check.code for check in all_checks(terminal)]
        if unknown := set(checks) - set(known):
            raise CommandError(f"There is no check {', '.join(sorted(unknown))}. There are: {', '.join(known)}.")
        with translation.override(language):
            results = []
            for result in examine(checks, terminal):
                results.append(result)
                if not json:
                    self.tell(result)
            if json:
                self.stdout.write(as_json(results))
            self.end(results)

    def tell(self, result: Result) -> None:
        style = {"right": self.style.SUCCESS, "advice": self.style.WARNING, "wrong": self.style.ERROR}[result.state]
        self.stdout.write(style(f"{MARKS[result.state]} {result.check.title}"))
        for finding in result.findings:
            self.stdout.write(f"    {finding.words}")
            for detail in finding.details[:SHOWN]:
                self.stdout.write(f"      · {detail}")
            if (more := len(finding.details) - SHOWN) > 0:
                self.stdout.write(f"      · {ngettext('and %d more', 'and %d more', more) % more}")
            if finding.mend:
                self.stdout.write(f"    → {finding.mend}")

    def end(self, results: list[Result]) -> None:
        wrong = sum(result.state == "wrong" for result in results)
        if wrong:
            words = ngettext("%(wrong)d thing of %(all)d is wrong.", "%(wrong)d things of %(all)d are wrong.", wrong)
            raise CommandError(words % {"wrong": wrong, "all": len(results)})
        self.stderr.write(_("Nothing is wrong."))


def as_json(results: list[Result]) -> str:
    told = [
        {
            "check": result.check.code,
            "title": str(result.check.title),
            "state": result.state,
            "findings": [
                {"wrong": one.is_wrong, "words": one.words, "mend": one.mend, "details": one.details}
                for one in result.findings
            ],
        }
        for result in results
    ]
    return json.dumps(told, ensure_ascii=False, indent=2)
