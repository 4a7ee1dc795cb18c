"""seccomp: a process gives up system calls for itself and its children, by a filter of classic BPF.

See seccomp(2) and https://docs.kernel.org/userspace-api/seccomp_filter.html, from which the numbers
are.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import sys
from functools import cache

from kingston_analysis.pages.refused_calls import (
    ARCHITECTURES,
    CLONE3,
    LAST_KNOWN,
    Must,
    refused_calls,
)

NO_NEW_PRIVILEGES, SET_FILTER, BY_PROGRAM = 38, 22, 2
LOAD, AND, IF_EQUAL, IF_GREATER, RETURN = 0x20, 0x54, 0x15, 0x25, 0x06
# Where a call's number, its architecture and its arguments stand, these in 8 bytes each.
NUMBER, ARCHITECTURE, ARGUMENTS = 0, 4, 16
ALLOW, FAIL = 0x7FFF0000, 0x00050000
# An unknown call makes the C library take the older one.
REFUSE, UNKNOWN = FAIL | errno.EACCES, FAIL | errno.ENOSYS

# An instruction: what to do, how many to skip if so and if not, and a value.
Instruction = tuple[int, int, int, int]


class _Step(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_uint16),
        ("if_true", ctypes.c_uint8),
        ("if_false", ctypes.c_uint8),
        ("value", ctypes.c_uint32),
    )


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("steps", ctypes.POINTER(_Step)))


@cache
def has_seccomp() -> bool:
    """Tell whether this system has seccomp, and this machine is one whose calls are listed."""
    if sys.platform != "linux" or sys.maxsize < 2**32 or platform.machine() not in ARCHITECTURES:
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    # A filter that is nowhere: who has seccomp looks for it.
    libc.prctl(SET_FILTER, BY_PROGRAM, None, 0, 0)
    return ctypes.get_errno() == errno.EFAULT


def refuse_calls() -> bool:
    """Leave this process no calls but those of threads and files; tell whether that was done.

    It must have no other thread. Raises OSError where the system has seccomp and refuses it.
    """
    if not has_seccomp():
        return False
    made = _program(platform.machine(), os.getpid())
    steps = (_Step * len(made))(*(_Step(*each) for each in made))
    libc = ctypes.CDLL(None, use_errno=True)
    program = _Program(len(made), steps)
    if libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0) or libc.prctl(
        SET_FILTER, BY_PROGRAM, ctypes.byref(program), 0, 0
    ):
        raise OSError(ctypes.get_errno(), "seccomp")
    return True


def _program(machine: str, process: int) -> list[Instruction]:
    """Return the filter: calls of another architecture, unknown and listed ones fail."""
    steps = [
        (LOAD, 0, 0, ARCHITECTURE),
        (IF_EQUAL, 1, 0, ARCHITECTURES[machine][0]),
        (RETURN, 0, 0, REFUSE),
        (LOAD, 0, 0, NUMBER),
        (IF_GREATER, 1, 0, LAST_KNOWN),
        (IF_EQUAL, 0, 1, CLONE3),
        (RETURN, 0, 0, UNKNOWN),
    ]
    for number, conditions in refused_calls(machine, process).items():
        steps += _refused(number, conditions)
    return [*steps, (RETURN, 0, 0, ALLOW)]


def _refused(number: int, conditions: tuple[Must, ...]) -> list[Instruction]:
    """Return the steps that refuse a call, unless it has conditions and all are met."""
    steps: list[Instruction] = []
    for left, must in enumerate(reversed(conditions)):
        # What does not fit goes past the conditions that are left, and what allows it.
        past = 3 * left + 1
        checked: list[Instruction] = [
            (LOAD, 0, 0, ARGUMENTS + 8 * must.argument),
            (AND, 0, 0, must.mask),
            (IF_EQUAL, 0, past, must.value),
        ]
        steps = [*checked, *steps]
    steps += [(RETURN, 0, 0, ALLOW)] if conditions else []
    steps += [(RETURN, 0, 0, REFUSE)]
    return [(IF_EQUAL, 0, len(steps), number), *steps]
