"""The same work on several pieces at once, as far as there are cores.

What numpy does with numbers lets other threads run meanwhile. How much is cut into a piece never depends on the number
of cores, and results come in the order of the pieces: they are the same on one core and on many.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from numpy import ndarray

    Array = ndarray[Any, Any]

# Orders of a piece: few enough for what is reckoned on the way to stay near the processor.
PIECE = 1 << 20
# Pieces at a time, however many cores there are: each takes 100 MB on the way.
AT_A_TIME = 4

Piece = TypeVar("Piece")
Result = TypeVar("Result")


def each(work: Callable[[Piece], Result], pieces: Sequence[Piece], *, cores: int) -> list[Result]:
    """Return what the work makes of each piece, in their order.

    Parameters
    ----------
    cores
        How many pieces are worked on at a time, up to `AT_A_TIME`; with one, the caller's own thread
        does it all.

    Raises
    ------
    Exception
        What the work raised on the first piece that failed, after all threads have come to an end.
        Pieces that nobody has begun by then are left.
    """
    threads = min(cores, len(pieces), AT_A_TIME)
    if threads <= 1:
        return [work(piece) for piece in pieces]
    with ThreadPoolExecutor(threads, thread_name_prefix="kohorte") as pool:
        begun = [pool.submit(work, piece) for piece in pieces]
        try:
            return [one.result() for one in begun]
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def sort(column: Array, *, cores: int) -> None:
    """Sort a column in its place: with two cores or more, the smaller half beside the larger one."""
    middle = len(column) // 2
    if cores == 1 or middle < PIECE:
        column.sort()
        return
    column.partition(middle)
    each(lambda half: half.sort(), (column[:middle], column[middle:]), cores=cores)
