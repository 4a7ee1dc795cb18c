"""The system calls that no page's process may make, and those that it may make in one way only.

Numbers are those of Linux's `asm/unistd_64.h` for x86_64 and `asm-generic/unistd.h` for aarch64.
"""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass

# As seccomp names an architecture, and where it stands in the table below.
ARCHITECTURES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
CLONE_THREAD = 0x10000
# Of a kind of socket, what is no flag.
KIND_OF_SOCKET, STREAM = 0xF, 1
# Of calls with a later number nobody here knows what they do.
LAST_KNOWN, CLONE3 = 450, 435
# Each with its number on x86_64 and on aarch64; `-` where there is none.
TABLE = """
    fork 57 -  vfork 58 -  execve 59 221  execveat 322 281
    ptrace 101 117  process_vm_readv 310 270  process_vm_writev 311 271  process_madvise 440 440
    kcmp 312 272  pidfd_open 434 434  pidfd_getfd 438 438  pidfd_send_signal 424 424
    tkill 200 130  rt_sigqueueinfo 129 138  rt_tgsigqueueinfo 297 240
    connect 42 203  shmget 29 194  shmat 30 196  msgget 68 186  semget 64 190  mq_open 240 180
    chmod 90 -  fchmod 91 52  fchmodat 268 53  chown 92 -  fchown 93 55  lchown 94 -
    fchownat 260 54  utime 132 -  utimes 235 -  futimesat 261 -  utimensat 280 88
    setxattr 188 5  lsetxattr 189 6  fsetxattr 190 7
    removexattr 197 14  lremovexattr 198 15  fremovexattr 199 16
    mount 165 40  umount2 166 39  pivot_root 155 41  chroot 161 51  unshare 272 97  setns 308 268
    open_tree 428 428  move_mount 429 429  fsopen 430 430  fsconfig 431 431  fsmount 432 432
    fspick 433 433  mount_setattr 442 442  quotactl 179 60  quotactl_fd 443 443  acct 163 89
    swapon 167 224  swapoff 168 225  reboot 169 142  sethostname 170 161  setdomainname 171 162
    init_module 175 105  finit_module 313 273  delete_module 176 106
    kexec_load 246 104  kexec_file_load 320 294
    name_to_handle_at 303 264  open_by_handle_at 304 265  fanotify_init 300 262
    io_uring_setup 425 425  io_uring_enter 426 426  io_uring_register 427 427
    bpf 321 280  perf_event_open 298 241  userfaultfd 323 282
    add_key 248 217  request_key 249 218  keyctl 250 219
    socket 41 198  socketpair 53 199  clone 56 220  kill 62 129  tgkill 234 131  prlimit64 302 261
"""


@dataclass(frozen=True)
class Must:
    """What an argument of a call must be: of its bits those of a mask must make up a value."""

    argument: int
    value: int
    mask: int = 0xFFFFFFFF


def refused_calls(machine: str, process: int) -> dict[int, tuple[Must, ...]]:
    """Return the numbers of the calls that a process may not make on a kind of machine.

    One with conditions it may make where these are met.
    """
    column = ARCHITECTURES[machine][1]
    numbers = {name: each[column] for name, *each in re.findall(r"(\w+) (\S+) (\S+)", TABLE)}
    only = _only(process)
    return {int(each): only.get(name, ()) for name, each in numbers.items() if each != "-"}


def _only(process: int) -> dict[str, tuple[Must, ...]]:
    """Return the calls that are free in one way: of threads, of itself, of its own transport."""
    local = (Must(0, socket.AF_UNIX), Must(1, STREAM, KIND_OF_SOCKET))
    return {
        "clone": (Must(0, CLONE_THREAD, CLONE_THREAD),),
        "kill": (Must(0, process),),
        "tgkill": (Must(0, process),),
        "prlimit64": (Must(0, 0),),
        "socket": local,
        "socketpair": local,
    }
