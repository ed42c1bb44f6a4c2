"""``api`` and ``worker``: one process each, or the API with a worker beside it."""

from __future__ import annotations

import asyncio
import gc
import os
import resource
import signal
import sys
import tempfile
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import uvloop
from granian import Granian
from granian.constants import HTTPModes, Interfaces, Loops
from granian.http import HTTP1Settings

from service.api.admission import STOP_SOON
from service.embedded import leash
from service.embedded.folder import Owner
from service.embedded.keeper import Keeper, Server, send
from service.log import LIBRARIES, configure_log
from service.settings import Settings, read_settings

if TYPE_CHECKING:
    from service.api.app import Server as ApiServer

APP = "service.cli.serve:app"
GC_THRESHOLDS = (20_000, 50, 100)
"""Of a worker: rare collections, since what a page leaves is no cycle."""
BACKLOG = 2048
CONNECTIONS_MAX, OTHER_FILES = 16_384, 128
"""Connections of one API process: idle ones count, and beyond these nobody is answered. Other files
are logs, libraries and what is open for a moment."""
HEADERS_S = 10
PROBE_S = 2.0
ENDING = (signal.SIGINT, signal.SIGTERM)

PARENT = "API_PARENT_PID"
"""For an API process: a parent killed while its child imports is gone before the child can look."""


def api(settings: Settings, *, with_worker: bool) -> None:
    """The API is served until SIGTERM or SIGINT, then what runs has ended."""
    os.environ[PARENT] = str(os.getpid())
    end_with_keeper(settings)
    os.register_at_fork(
        before=block_stops, after_in_parent=unblock_stops, after_in_child=restore_stops
    )
    server = DelayedStop(
        APP,
        factory=True,
        interface=Interfaces.ASGI,
        address=settings.host,
        port=settings.port,
        workers=settings.api_processes,
        loop=Loops.uvloop,
        http=HTTPModes.http1,  # the other modes wait for a first byte for ever
        backlog=BACKLOG,
        backpressure=connections_max(settings),
        http1_settings=HTTP1Settings(header_read_timeout=HEADERS_S * 1000),
        websockets=False,
        log_dictconfig=LIBRARIES,
        log_access=False,
        respawn_failed_workers=True,
        workers_kill_timeout=int(settings.drain_s),
    )
    server.delay_s = settings.shutdown_delay_s
    with counted_together(settings), beside(settings, on=with_worker) as server.worker:
        server.serve()


def connections_max(settings: Settings) -> int:
    """``CONNECTIONS_MAX``, or as many as the process may have files open (granian raises the soft
    limit to the hard one) beside its connections to Postgres and Redis."""
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if files == resource.RLIM_INFINITY:
        return CONNECTIONS_MAX
    return max(1, min(CONNECTIONS_MAX, files - settings.database_pool_max - OTHER_FILES))


class DelayedStop(Granian):  # type: ignore[misc, valid-type]  # which one, Python's build decides
    """Granian that at SIGTERM serves on for ``delay_s``, while ``/readyz`` is 503 and each answer
    closes its connection: to cut idle ones at once loses the requests that are on their way. A
    ``worker`` beside it ends meanwhile. A second signal, or Ctrl-C, ends the delay."""

    delay_s = 0.0
    worker: Keeper | None = None

    def signal_handler_interrupt(self, *args: Any, **kwargs: Any) -> None:
        """A terminal sends SIGINT to all processes, so those that serve end at once."""
        if args[:1] == (signal.SIGINT,):
            self.delay_s = 0.0
        super().signal_handler_interrupt(*args, **kwargs)

    def shutdown(self, exit_code: int = 0) -> None:
        """Everything has ended."""
        if self.worker:
            self.worker.end()
        if self.interrupt_signal and self.delay_s:
            self.main_loop_interrupt.clear()
            for process in self.wrks:
                process.interrupt_by_parent = True  # one that still starts ends by this signal
                send(process.inner.pid, STOP_SOON)
            self.main_loop_interrupt.wait(self.delay_s)
        super().shutdown(exit_code)


def end_with_keeper(settings: Settings) -> None:
    """A process that is kept ends in time after its keeper, though it should hang in its end.

    (Where its leash stays between them, it is the leash that sees to it.)
    """
    keeper = int(os.environ.pop(leash.KEEPER, "0"))
    if keeper == os.getppid():
        bounds = (keeper, settings.stop_s)
        threading.Thread(target=leash.outlive, args=bounds, daemon=True).start()


def block_stops() -> None:
    """Signals that end us wait until a fork is done: a child forgets those that come before it
    has handlers of its own."""
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)


def unblock_stops() -> None:
    """Signals that waited are delivered."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)


def restore_stops() -> None:
    """A signal that comes while this process still imports ends it. A fork inherits the handlers
    of granian's parent, in which such a signal is lost, and a stop then takes all of drain_s."""
    for number in ENDING:
        signal.signal(number, signal.SIG_DFL)
    unblock_stops()


@contextmanager
def counted_together(settings: Settings) -> Iterator[None]:
    """While open, several processes count into one folder, so any of them shows the sums.

    prometheus_client looks for the folder when it is imported, which must be after this.
    """
    if settings.api_processes == 1:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="broadsheet-metrics-") as folder:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        yield


def app() -> ApiServer:
    """What each API process runs; it ends with the process that started it, if need be by force:
    a SIGTERM that comes while granian starts may be lost in it."""
    from service.api.app import serve

    leash.tie(signal.SIGTERM, int(os.environ[PARENT]), read_settings().stop_s)
    return serve()


@contextmanager
def beside(settings: Settings, *, on: bool) -> Iterator[Keeper | None]:
    """While open, a worker runs as a child process; it is started again when it dies."""
    if not on:
        yield None
        return
    keeper = Keeper(process("worker", settings), None, Owner.of_us())
    keeper.start()
    try:
        yield keeper
    finally:
        keeper.end()
        keeper.join()


def process(name: str, settings: Settings, environ: dict[str, str] | None = None) -> Server:
    """``python -m service NAME`` as a process to keep."""
    return Server(
        name=name,
        command=(sys.executable, "-m", "service", name),
        ready=lambda: True,
        stops=(signal.SIGTERM,),
        patience_s=settings.stop_s,
        environ=dict(environ or os.environ) | {leash.KEEPER: str(os.getpid())},
    )


def worker(settings: Settings) -> None:
    """Work is done until SIGTERM or SIGINT; then what runs has ended or is given back."""
    configure_log(settings.log_level)
    end_with_keeper(settings)
    uvloop.run(work(settings))


async def work(settings: Settings) -> None:
    """The worker, with its runtime in its own loop."""
    from service.runtime import open_runtime
    from service.worker import run_worker

    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in ENDING:
        loop.add_signal_handler(number, stop.set)
    if settings.worker_metrics_port:
        from prometheus_client import start_http_server  # here: see counted_together

        start_http_server(settings.worker_metrics_port, settings.host)
    async with open_runtime(settings) as runtime:
        gc.collect()
        gc.freeze()
        gc.set_threshold(*GC_THRESHOLDS)
        await run_worker(runtime, stop)


def base_url(settings: Settings) -> str:
    """Where this machine reaches the API."""
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.host, settings.host)  # noqa: S104
    return f"http://{host}:{settings.port}"


def answers(url: str) -> bool:
    """Whether a GET of ``url`` gives 200."""
    try:
        with urllib.request.urlopen(url, timeout=PROBE_S) as reply:  # noqa: S310 (http, our own)
            return bool(reply.status == 200)
    except (urllib.error.URLError, OSError):
        return False
