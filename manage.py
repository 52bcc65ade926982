#!/usr/bin/env python
import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "research_hub.settings")
    from django.core.management import execute_from_command_line

    from research_hub.operations.environment import WrongSettings

    try:
        execute_from_command_line(sys.argv)
    except WrongSettings as wrong:
        sys.exit(str(wrong))
