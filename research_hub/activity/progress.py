from typing import TextIO

WIDTH = 40


def progress_bar(stream: TextIO):
    """A function that draws how much of the work is done, on a terminal; elsewhere it keeps silent."""

    def draw(done: int, total: int) -> None:
        if stream.isatty() and total:
            filled = WIDTH * done // total
            end = "\n" if done == total else ""
            stream.write(f"\r[{'#' * filled}{'.' * (WIDTH - filled)}] {100 * done // total:3} %{end}")
            stream.flush()

    return draw
