"""Work on many entries by several processes side by side, which only read and tell what they have found.

They read what is committed. Whoever has them work holds the place of the one writer, so that nothing changes meanwhile.
"""

import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context, parent_process

import django
from django.core.management.base import CommandParser
from django.db import connection

MANY = 5_000  # entries; for fewer, it takes longer to start processes than they save
AHEAD = 2  # pieces for each process that are worked on before they are asked for: bounds memory


def allowed(processes: int | None) -> int | None:
    """Those that were asked for; within a transaction only this one, since no other sees what is not committed."""
    return 1 if connection.in_atomic_block else processes


def usual_processes(entries: int) -> int:
    """One for each processor, where there is enough to do."""
    return os.cpu_count() or 1 if entries >= MANY else 1


def add_processes(parser: CommandParser) -> None:
    parser.add_argument(
        "--processes", type=int, choices=range(1, 65), metavar="N",
        help="How many processes share the work; one for each processor, where nothing is said and there is much.",
    )  # fmt: skip


@contextmanager
def side_by_side(processes: int) -> Iterator[Callable[..., Iterator]]:
    """A `map` whose work is shared by so many processes; what it calls is a function of a module. One process does all
    of it here."""
    if processes == 1:
        yield map
        return
    # Started anew, a process shares no connection to the database with this one.
    with ProcessPoolExecutor(processes, get_context("spawn"), _begin) as pool:
        yield partial(_map, pool, AHEAD * processes)


def _map(pool: Executor, most: int, work: Callable, pieces: Iterable) -> Iterator:
    begun: deque[Future] = deque()
    for piece in pieces:
        begun.append(pool.submit(work, piece))
        if len(begun) > most:
            yield begun.popleft().result()
    while begun:
        yield begun.popleft().result()


def _begin() -> None:
    django.setup()
    threading.Thread(target=_end_with_the_parent, daemon=True).start()


def _end_with_the_parent() -> None:
    """A parent that is killed tells nobody, and its processes would wait for work for good."""
    parent = parent_process()
    if parent:
        parent.join()
        os._exit(1)
