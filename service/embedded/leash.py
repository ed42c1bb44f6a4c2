"""Runs a command that cannot outlive the process that started it.

    python -I -S leash.py PARENT SIGNAL UID GID COMMAND [ARGUMENT ...]

The command gets SIGNAL when process PARENT is gone, however it died. On Linux the kernel sees to
it (PR_SET_PDEATHSIG: it fires when the *thread* that started us ends, so start it from a thread
that lives on), and we become the command; elsewhere we stay, and poll the parent.

If UID is not ours (we are root), the command runs as UID and GID. A folder above its files may
be closed to that user, as /root is, and those folders are not ours to open, so it keeps one
capability of root: to read and pass folders. Standard library only: it runs in a bare interpreter.
"""

from __future__ import annotations

import ctypes
import math
import os
import signal
import subprocess
import sys
import threading
import time

PR_SET_PDEATHSIG, PR_SET_KEEPCAPS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 1, 8, 47, 2
CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1, 2
CAPABILITY_VERSION_3 = 0x20080522
POLL_S = 0.5
KEEPER = "KEEPER_PID"
"""For a kept process: who started it."""


class Header(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


class Sets(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint32) for name in ("effective", "permitted", "inheritable")]


def main(arguments: list[str]) -> None:
    """Never returns: becomes the command, or ends with its exit status."""
    parent, number, uid, gid = (int(text) for text in arguments[:4])
    command = arguments[4:]
    linux = sys.platform == "linux"
    libc = ctypes.CDLL(None, use_errno=True) if linux else None
    if uid != os.getuid():
        become(uid, gid, libc)
    if libc is None:
        sys.exit(stay(parent, number, command))
    libc.prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)  # after setuid, which clears it
    if parent and os.getppid() != parent:
        sys.exit("the parent is gone")
    os.execv(command[0], command)  # noqa: S606 (no shell is meant)


def tie(number: int, parent: int | None = None, patience_s: float | None = None) -> None:
    """This process gets ``number`` when its parent is gone, however that died.

    ``parent`` is the one that started it, if it may be gone by now: then it is killed at once.
    With ``patience_s`` it is killed that long after its parent, whatever it made of ``number``.
    """
    parent = parent or os.getppid()
    if patience_s is not None:
        threading.Thread(target=outlive, args=(parent, patience_s), daemon=True).start()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)
    else:
        threading.Thread(target=watch, args=(parent, number), daemon=True).start()
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


def watch(parent: int, number: int) -> None:
    """Sends us ``number`` once ``parent`` is gone."""
    while os.getppid() == parent:
        time.sleep(POLL_S)
    os.kill(os.getpid(), number)


def outlive(parent: int, patience_s: float) -> None:
    """Ends us ``patience_s`` after ``parent`` is gone. By the kernel's clock, since what hangs may
    hold the interpreter's lock."""
    while os.getppid() == parent:
        time.sleep(POLL_S)
    signal.alarm(math.ceil(patience_s))


def become(uid: int, gid: int, libc: ctypes.CDLL | None) -> None:
    """Drops root for ``uid``, keeping the right to pass closed folders where the kernel lets us."""
    if libc is not None:
        libc.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    if libc is not None:
        any(keep(libc, capability) for capability in (CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE))


def keep(libc: ctypes.CDLL, capability: int) -> bool:
    """Whether ``capability`` is now the only one, and survives exec (capabilities(7))."""
    header, sets, bit = Header(CAPABILITY_VERSION_3, 0), (Sets * 2)(), 1 << capability
    sets[0] = Sets(bit, bit, bit)
    if libc.capset(ctypes.byref(header), ctypes.byref(sets)) != 0:
        return False
    return bool(libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0) == 0)


def stay(parent: int, number: int, command: list[str]) -> int:
    """The exit status of ``command``, which is sent ``number`` once the parent is gone."""
    child = subprocess.Popen(command)
    for forwarded in (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT):
        signal.signal(forwarded, lambda received, _: child.send_signal(received))
    while child.poll() is None:
        if parent and os.getppid() != parent:
            child.send_signal(number)
            return child.wait()
        time.sleep(POLL_S)
    return child.returncode


if __name__ == "__main__":
    main(sys.argv[1:])
