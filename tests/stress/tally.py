"""What was sent in each part of a run, and what came of it."""

import threading
from collections import Counter
from dataclasses import dataclass, field

KILLED = "workers killed"  # the one act in which an answer may end in the middle
REFUSED = {409, 413, 422, 423, 429, 502, 503, 504, 507}


@dataclass
class Tally:
    """Requests by what came of them; written by many threads."""

    name: str
    sent: int = 0
    answered: int = 0
    refused: int = 0  # told to come again, in a page that says so
    cut: int = 0  # an answer that ended in the middle, with the worker that gave it
    failed: int = 0  # 500, or no answer at all
    lost: int = 0  # saves that were acknowledged and are not there
    slowest: float = 0.0
    statuses: Counter = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def count(self, what: str, status: int, seconds: float) -> None:
        """0 stands for no answer."""
        with self._lock:
            self.sent += 1
            self.statuses[status] += 1
            self.seconds.append(seconds)
            self.slowest = max(self.slowest, seconds)
            if status in REFUSED:
                self.refused += 1
            elif status == 0 or status >= 500:
                self.failed += 1
                self.faults.append(f"{what}: {status or 'no answer'}")
            else:
                self.answered += 1

    def count_cut(self, what: str, seconds: float) -> None:
        with self._lock:
            self.sent, self.cut = self.sent + 1, self.cut + 1
            self.seconds.append(seconds)
            if KILLED not in self.name:
                self.failed += 1
                self.faults.append(f"{what}: cut off")

    def lose(self, what: str) -> None:
        with self._lock:
            self.lost += 1
            self.faults.append(f"lost: {what}")

    @property
    def p95(self) -> float:
        ordered = sorted(self.seconds)
        return ordered[int(len(ordered) * 0.95)] if ordered else 0.0

    @property
    def is_right(self) -> bool:
        return self.sent > 0 and not self.lost and not self.failed


def table(tallies: list[Tally]) -> str:
    rows = [("", "sent", "answered", "refused", "cut off", "failed", "lost", "p95 ms", "slowest ms")]
    for one in tallies:
        milliseconds = round(one.p95 * 1000), round(one.slowest * 1000)
        rows.append((one.name, one.sent, one.answered, one.refused, one.cut, one.failed, one.lost, *milliseconds))
    return "\n".join(f"{name:34}" + "".join(f"{cell:>11}" for cell in cells) for name, *cells in rows)
