"""Has the kernel keep a process from files and connections that are none of its business.

Landlock (Linux from 5.13, see https://docs.kernel.org/userspace-api/landlock.html) takes rights away from
the process that asks, for good, and needs no root. It stands behind what the engine itself refuses: a
fault in the engine alone then reads nothing of another shop. Where the kernel does not know it, the
engine's own lock is what there is.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterable
from pathlib import Path

CREATE, ADD, RESTRICT = 444, 445, 446
VERSION = 1 << 0
BENEATH = 1
READ_FILE, READ_DIR = 1 << 2, 1 << 3
# Of files: run, write, read, list, remove (two), make (seven), move; and truncate from version 3.
FILES = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1}
# Of TCP from version 4: to listen and to connect.
CONNECTIONS = 0b11
NEW_PRIVILEGES = 38


class _Rules(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("connections", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32))


def raise_(*, read: Iterable[Path], write: Iterable[Path]) -> bool:
    """Leave this process only some files, and no connection; return whether the kernel can.

    Parameters
    ----------
    read
        Files and folders that may still be read.
    write
        Folders in which everything may still be done.
    """
    if sys.platform != "linux":
        return False
    library = ctypes.CDLL(None, use_errno=True)
    version = library.syscall(CREATE, None, 0, VERSION)
    if version < 1:
        return False
    rights = FILES[min(version, 3)]
    has_connections = version >= 4
    rules = _Rules(rights, CONNECTIONS if has_connections else 0)
    size = ctypes.sizeof(_Rules) if has_connections else 8
    handle = library.syscall(CREATE, ctypes.byref(rules), size, 0)
    if handle < 0:
        return False
    for path in read:
        own = READ_FILE | READ_DIR if path.is_dir() else READ_FILE
        _allow(library, handle, path, own)
    for path in write:
        _allow(library, handle, path, rights)
    library.prctl(NEW_PRIVILEGES, 1, 0, 0, 0)
    is_raised = bool(library.syscall(RESTRICT, handle, 0) == 0)
    os.close(handle)
    return is_raised


def _allow(library: ctypes.CDLL, handle: int, path: Path, rights: int) -> None:
    """Leave rights beneath a path; one that does not exist needs none."""
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    rule = _Beneath(rights, place)
    library.syscall(ADD, handle, BENEATH, ctypes.byref(rule), 0)
    os.close(place)
