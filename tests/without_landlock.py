"""A system without Landlock, pretended by a filter of system calls: its calls are not known."""

from __future__ import annotations

import ctypes
import errno

CREATE_RULESET = 444
NO_NEW_PRIVILEGES, SET_FILTER, BY_PROGRAM = 38, 22, 2
LOAD_NUMBER, SKIP_UNLESS_EQUAL, RETURN = 0x20, 0x15, 0x06
ALLOW, FAIL = 0x7FFF0000, 0x00050000


class _Step(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_uint16),
        ("if_true", ctypes.c_uint8),
        ("if_false", ctypes.c_uint8),
        ("value", ctypes.c_uint32),
    )


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("steps", ctypes.POINTER(_Step)))


def without_landlock() -> None:
    """Take Landlock from this process and all that it starts; it stays so."""
    steps = (_Step * 4)(
        _Step(LOAD_NUMBER, 0, 0, 0),
        _Step(SKIP_UNLESS_EQUAL, 0, 1, CREATE_RULESET),
        _Step(RETURN, 0, 0, FAIL | errno.ENOSYS),
        _Step(RETURN, 0, 0, ALLOW),
    )
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    program = _Program(len(steps), steps)
    if libc.prctl(SET_FILTER, BY_PROGRAM, ctypes.byref(program), 0, 0):
        raise OSError(ctypes.get_errno(), "No filter of system calls can be set.")
