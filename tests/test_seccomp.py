"""What a page's process asks the system itself for, past Python and its hook, seccomp refuses."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest
from without_landlock import without_landlock

from kingston_analysis.pages.seccomp import has_seccomp

pytestmark = pytest.mark.skipif(not has_seccomp(), reason="this system has no seccomp")

START = """
import ctypes, os, resource, signal, socket, subprocess, threading
from kingston_analysis.pages.seccomp import refuse_calls

libc = ctypes.CDLL(None, use_errno=True)
parent = os.getppid()
assert refuse_calls()

def syscall(number, *arguments):
    if libc.syscall(number, *arguments) < 0:
        raise OSError(ctypes.get_errno(), "refused")
"""
REFUSED = {
    "fork": "os.fork()",
    "another program": "os.execv('/bin/true', ['true'])",
    "a process of another's making": "subprocess.run(['true'])",
    "TCP": "socket.socket(socket.AF_INET)",
    "UDP": "socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
    "TCP of version 6": "socket.socket(socket.AF_INET6)",
    "the system's own messages": "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)",
    "local messages": "socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)",
    "a socket by path": "socket.socket(socket.AF_UNIX).connect('/nothing')",
    "a mode": "os.chmod('.', 0o755)",
    "a mode of an open file": "os.fchmod(1, 0o600)",
    "an owner": "os.chown('.', -1, -1)",
    "times": "os.utime('.', (0, 0))",
    "an attribute": "os.setxattr('.', 'user.x', b'')",
    "a signal to another": "os.kill(parent, 0)",
    "another's limits": "resource.prlimit(parent, resource.RLIMIT_NOFILE)",
    "another's memory": "libc.ptrace(16, parent, 0, 0) and syscall(438, 0, 0, 0)",
    "a mount": "syscall(430, b'tmpfs', 0)",
    "a ring of requests": "syscall(425, 1, None)",
    "a call that nobody knows": "syscall(451, 0)",
}
ALLOWED = {
    "a thread": "each = threading.Thread(target=print); each.start(); each.join()",
    "its own socket": "socket.socket(socket.AF_UNIX).close()",
    "a pair of sockets": "socket.socketpair()",
    "a signal to itself": "os.kill(os.getpid(), 0); signal.raise_signal(signal.SIGCONT)",
    "its own limits": "resource.getrlimit(resource.RLIMIT_NOFILE)",
    "a file": "open('/dev/null').read()",
}


def told(code: str, before: Callable[[], None] | None) -> str:
    """Run code in a process that gave up its calls; return its last word on stderr."""
    done = subprocess.run(
        [sys.executable, "-c", START + code],
        capture_output=True,
        text=True,
        preexec_fn=before,
        check=False,
    )
    return done.stderr.strip().rpartition("\n")[2]


with_and_without_landlock = pytest.mark.parametrize(
    "before", [None, without_landlock], ids=["landlock", "no landlock"]
)


@with_and_without_landlock
@pytest.mark.parametrize("kind", REFUSED)
def test_a_process_may_not_ask_the_system_for(kind: str, before: Callable[[], None] | None) -> None:
    said = told(REFUSED[kind], before)

    assert "PermissionError: [Errno 13]" in said or "[Errno 38]" in said, said


@with_and_without_landlock
@pytest.mark.parametrize("kind", ALLOWED)
def test_a_process_may_still_ask_for(kind: str, before: Callable[[], None] | None) -> None:
    assert told(ALLOWED[kind], before) == ""
