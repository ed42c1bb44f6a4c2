"""One child: reads pages, feeds and lists of feeds, says what they hold, and can do nothing else.

It runs code on hostile input, so before the first page it gives up what it does not need:

* file descriptors: RLIMIT_NOFILE 0, so nothing can be opened: no file, no socket, no pipe;
* files: RLIMIT_FSIZE 0 and RLIMIT_CORE 0, so nothing can be written to what is open;
* memory: RLIMIT_AS; a MemoryError is answered, then the child ends;
* time: RLIMIT_CPU moves on with each page (the kernel kills with SIGXCPU); the wall clock is the
  pool's, which kills it;
* root: run by root, it becomes a user that owns nothing, and may never gain rights again.

All code it may need is therefore imported by the zygote. What it answers is decoded as plain
typed data, never as code. Not enforced: system calls are not filtered (no seccomp).
"""

from __future__ import annotations

import ctypes
import math
import os
import resource
import signal
import socket
import sys
import time
import traceback
from typing import Any

import msgspec

from service.article import Article
from service.errors import BroadsheetError, PageRejected
from service.extract import Page, extract, part_links
from service.feeds import Feed, read_feed, read_opml
from service.feeds.opml import Outline
from service.parsers.protocol import DONE, ERROR, HEAD, LENGTH, Failure, Limits, Links

NOBODY_UID = 65533
"""Owns no file and runs no other process (65534, nobody, runs the embedded servers)."""
PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS = 1, 38
_decoder = msgspec.msgpack.Decoder()  # untyped: a Page's content is bytes or str
_encoder = msgspec.json.Encoder()  # in JSON times keep their zone, in MessagePack they are UTC


def serve(job: socket.socket, limits: Limits, zygote_pid: int) -> None:
    """Answers pages until the pool hangs up, or a limit says that it is time for a fresh child."""
    confine(limits, zygote_pid)
    served = 0
    while frame := receive(job):
        served += 1
        allow_cpu(limits.cpu_s)
        started = time.thread_time()  # under RLIMIT_CPU process_time moves in ticks only
        kind, answer = work(frame)
        spent_us = int((time.thread_time() - started) * 1e6)
        last = served >= limits.pages_max or resident_bytes() > limits.resident_bytes_max
        last = last or kind == ERROR
        job.sendall(LENGTH.pack(HEAD.size + len(answer)) + HEAD.pack(kind, last, spent_us))
        job.sendall(answer)
        if last:
            return


def do(job: dict[str, Any]) -> Article | Feed | Links | list[Outline]:
    """What the decoded ``Job`` asks for; the pool is trusted."""
    if job["type"] == "opml":
        return read_opml(job["content"])
    if job["type"] == "feed":
        return read_feed(job["content"], job["url"], job["media_type"])
    page = Page(**job["page"])
    return Links(*part_links(page)) if job["type"] == "links" else extract(page)


def work(frame: bytearray) -> tuple[bytes, bytes]:
    """The kind and the bytes of the answer to one job."""
    try:
        return DONE, _encoder.encode(do(_decoder.decode(frame)))
    except MemoryError:
        return ERROR, _encoder.encode(Failure("parse_memory", "the page needs too much memory"))
    except PageRejected as error:
        return ERROR, _encoder.encode(Failure(error.code, error.detail, error.page_kind))
    except BroadsheetError as error:
        return ERROR, _encoder.encode(Failure(error.code, error.detail))
    except Exception:
        return ERROR, _encoder.encode(Failure("", traceback.format_exc()[-4000:]))


def receive(job: socket.socket) -> bytearray | None:
    """The next frame; None once the other side has hung up."""
    head = read_exactly(job, LENGTH.size)
    return read_exactly(job, LENGTH.unpack(head)[0]) if head else None


def read_exactly(job: socket.socket, count: int) -> bytearray | None:
    """``count`` bytes, or None at the end of the stream."""
    buffer = bytearray(count)
    view, done = memoryview(buffer), 0
    while done < count:
        got = job.recv_into(view[done:])
        if not got:
            return None
        done += got
    return buffer


def confine(limits: Limits, zygote_pid: int) -> None:
    """This process can compute, and talk through what is open, and nothing more."""
    if os.getuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY_UID)
        os.setuid(NOBODY_UID)
    if sys.platform == "linux":
        libc = ctypes.CDLL(None)
        libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != zygote_pid:
            os._exit(1)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    if sys.platform == "linux":  # macOS refuses to limit the address space
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def allow_cpu(seconds: float) -> None:
    """From now on ``seconds`` (rounded up) of CPU may be used before the kernel ends us."""
    used = time.process_time()
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(used + seconds), hard))


def resident_bytes() -> int:
    """The most memory that was ever resident in this process."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
