"""Landlock: a process gives up rights for itself and its children, by Linux's own system calls.

See landlock(7) and https://docs.kernel.org/userspace-api/landlock.html, from which the numbers are.
"""

from __future__ import annotations

import ctypes
import os
import stat
from collections.abc import Mapping
from functools import cache
from pathlib import Path

# System calls; they have these numbers on every machine but Alpha.
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
ASK_VERSION, PATH_BENEATH = 1, 1
NO_NEW_PRIVILEGES = 38

EXECUTE, WRITE_FILE, READ_FILE, READ_FOLDER = 1 << 0, 1 << 1, 1 << 2, 1 << 3
# To remove a folder or file; to make a device, folder, file, socket, pipe, block device, link.
REMOVE_AND_MAKE = sum(1 << bit for bit in range(4, 13))
MOVE, TRUNCATE, DEVICE_CONTROL = 1 << 13, 1 << 14, 1 << 15
TCP = 0b11
ABSTRACT_SOCKETS_AND_SIGNALS = 0b11

READ = READ_FILE | READ_FOLDER
DEVICES = (1 << 6) | (1 << 11)
WRITE = WRITE_FILE | (REMOVE_AND_MAKE & ~DEVICES) | MOVE | TRUNCATE
# What there is to allow of a file, as against a folder.
OF_A_FILE = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | DEVICE_CONTROL


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


@cache
def landlock_abi() -> int:
    """Return the version of Landlock that this system has; 0 where it has none."""
    try:
        return max(0, _libc().syscall(CREATE_RULESET, None, ctypes.c_size_t(0), ASK_VERSION))
    except (OSError, AttributeError, TypeError):
        return 0


def confine(allowed: Mapping[Path, int]) -> int:
    """Leave this process only these rights, a path and what is beneath it; return the ABI.

    It may no more start a program, use TCP, or signal what is not its own child, as far as the ABI
    goes. A path that is not there is left out. Raises OSError where the system has Landlock and
    refuses it, and RuntimeError where there are threads, which would stay as they are.
    """
    abi = landlock_abi()
    if not abi:
        return 0
    if len(list(Path("/proc/self/task").iterdir())) > 1:
        raise RuntimeError("a thread runs already, which would not be confined")
    handled = _handled(abi)
    made = _Ruleset(handled, TCP if abi >= 4 else 0, ABSTRACT_SOCKETS_AND_SIGNALS)
    size = 8 if abi < 4 else 16 if abi < 6 else 24
    rules = _call(CREATE_RULESET, ctypes.byref(made), ctypes.c_size_t(size), 0)
    try:
        for path, rights in allowed.items():
            _allow(rules, path, rights & handled)
        if _libc().prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0):
            raise OSError(ctypes.get_errno(), "prctl")
        _call(RESTRICT_SELF, rules, 0)
    finally:
        os.close(rules)
    return abi


def _handled(abi: int) -> int:
    """Return the rights to files that a version of Landlock can take away."""
    handled = EXECUTE | WRITE_FILE | READ | REMOVE_AND_MAKE
    for since, right in ((2, MOVE), (3, TRUNCATE), (5, DEVICE_CONTROL)):
        handled |= right if abi >= since else 0
    return handled


def _allow(rules: int, path: Path, rights: int) -> None:
    try:
        beneath = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(beneath).st_mode):
            rights &= OF_A_FILE
        _call(ADD_RULE, rules, PATH_BENEATH, ctypes.byref(_PathBeneath(rights, beneath)), 0)
    finally:
        os.close(beneath)


@cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _call(number: int, *arguments: object) -> int:
    found = _libc().syscall(number, *arguments)
    if found < 0:
        raise OSError(ctypes.get_errno(), f"Landlock, system call {number}")
    return found
