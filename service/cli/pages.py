"""``extract``: one page, or a stream of them on all cores."""

from __future__ import annotations

import asyncio
import gzip
import re
import sys
import time
import zlib
from pathlib import Path
from typing import Any

import click
import msgspec
from msgspec import Struct

from service.article import Article
from service.errors import BroadsheetError
from service.extract import Page, extract
from service.extract.explain import explain as verdicts
from service.extract.explain import explain_lines
from service.parsers import Parsers
from service.render import text_of, to_comparison
from service.settings import Settings
from service.urls import safe_web_url

LINE_BYTES_MAX = 64_000_000
AHEAD_PER_CORE = 4
SHOW_S = 0.5
TEXT_SUFFIXES = frozenset({".txt", ".text", ".md", ".markdown"})
TAG = re.compile(rb"<[!/?]?[A-Za-z]")
LOOKED_AT_BYTES = 100_000

_encoder = msgspec.json.Encoder()


class LineUnreadable(ValueError):
    """A line of the input is not what --ndjson takes, or a page cannot be read."""


class Line(Struct, forbid_unknown_fields=True):
    """One page of the input: its content, or the path of a file that holds it."""

    id: str | int
    url: str | None = None
    html: str | None = None
    html_path: str | None = None
    text: str | None = None


def extract_file(
    file: Path, url: str | None, *, is_text: bool | None, explain: bool, view: Path | None
) -> None:
    """The article of ``file`` is on stdout; in ``view`` it stands beside the page's own text.

    Where ``is_text`` is None, the file's name and content tell what it is.
    """
    if url is not None and safe_web_url(url) is None:
        raise click.BadParameter("must be an absolute http or https address", param_hint="--url")
    try:
        content = sys.stdin.buffer.read() if str(file) == "-" else content_of(file)
    except LineUnreadable as error:
        raise click.ClickException(str(error)) from error
    if is_text is None:
        is_text = file.suffix in TEXT_SUFFIXES or not TAG.search(content[:LOOKED_AT_BYTES])
    page = Page(content=content, url=url, kind="text" if is_text else "html")
    article = extract(page)
    click.echo(msgspec.json.format(_encoder.encode(article), indent=2))
    if explain:
        lines = explained(article) + ([] if is_text else explain_lines(page))
        click.echo("\n".join(lines), err=True)
    if view:
        rows = [] if is_text else [(one.verdict, one.element, one.text) for one in verdicts(page)]
        try:
            view.write_text(to_comparison(article, rows), encoding="utf-8")
        except OSError as error:
            raise click.ClickException(f"{view} cannot be written: {error.strerror}") from error


def explained(article: Article) -> list[str]:
    """Where each field is from, what makes the engine doubt, and the blocks one by one."""
    lines = [f"{name:16} {source}" for name, source in sorted(article.provenance.items())]
    lines += [f"{'quality':16} {article.quality.score:.2f} {' '.join(article.quality.warnings)}"]
    for block in article.body:
        text = " ".join(text_of(Article(body=[block])).split())
        lines.append(f"{type(block).__struct_config__.tag!s:16} {text[:100]}")
    return lines


def extract_lines(settings: Settings) -> int:
    """The exit status after stdin's last line has been answered on stdout."""
    return asyncio.run(Stream(settings).run())


class Stream:
    """Lines in, lines out, in order; a bounded number of pages is in memory at any time."""

    def __init__(self, settings: Settings) -> None:
        self.parsers = Parsers(settings)
        self.ahead_max = AHEAD_PER_CORE * self.parsers.size
        self.done = self.failed = 0
        self.cpu_s = 0.0
        self.started = self.shown = time.monotonic()

    async def run(self) -> int:
        """Reading goes ahead of writing, by as many lines as ``ahead`` holds."""
        ahead: asyncio.Queue[asyncio.Task[bytes] | None] = asyncio.Queue(self.ahead_max)
        async with self.parsers, asyncio.TaskGroup() as group:
            group.create_task(self.read(ahead, group))
            while task := await ahead.get():
                self.write(await task)
        self.show(last=True)
        return 0

    async def read(
        self, ahead: asyncio.Queue[asyncio.Task[bytes] | None], group: asyncio.TaskGroup
    ) -> None:
        """Every line of stdin is being answered; then None ends the queue."""
        while line := await asyncio.to_thread(sys.stdin.buffer.readline, LINE_BYTES_MAX):
            if line.strip():
                await ahead.put(group.create_task(self.answer(line)))
        await ahead.put(None)

    def write(self, line: bytes) -> None:
        """One line is out; those who wait for it see it at once."""
        sys.stdout.buffer.write(line)
        sys.stdout.buffer.flush()
        if sys.stderr.isatty() and time.monotonic() - self.shown > SHOW_S:
            self.show(last=False)

    async def answer(self, line: bytes) -> bytes:
        """What is printed for one line of the input, whatever that holds."""
        id_: str | int | None = None
        try:
            given = read_line(line)
            id_ = given.id
            result = await self.extracted(given)
        except (LineUnreadable, BroadsheetError) as error:
            self.failed += 1
            code = error.code if isinstance(error, BroadsheetError) else "unreadable"
            result = {"error": {"code": code, "detail": str(error)}}
        self.done += 1
        return _encoder.encode({"id": id_, **result}) + b"\n"

    async def extracted(self, given: Line) -> dict[str, Any]:
        parsed = await self.parsers.parse(page_in(given))
        self.cpu_s += parsed.cpu_s
        return {
            "article": parsed.article,
            "text": text_of(parsed.article),
            "ms": round(parsed.cpu_s * 1000, 3),
        }

    def show(self, *, last: bool) -> None:
        """How far it is: over the same line of a terminal, or once at the end."""
        self.shown = time.monotonic()
        seconds = self.shown - self.started
        each_ms = self.cpu_s * 1000 / max(self.done - self.failed, 1)
        text = (
            f"{self.done} pages, {self.failed} failed, {seconds:.1f} s, "
            f"{self.done / max(seconds, 1e-9):.0f} pages/s, {each_ms:.2f} ms CPU a page"
        )
        start, ending = ("\r", "\n" if last else "") if sys.stderr.isatty() else ("", "\n")
        click.echo(f"{start}{text}{ending}", nl=False, err=True)


def read_line(line: bytes) -> Line:
    """One line of the input; raises ``LineUnreadable``."""
    try:
        return msgspec.json.decode(line, type=Line)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise LineUnreadable(
            f"{error}; a line is {{id, url, html or html_path or text}}"
        ) from error


def page_in(given: Line) -> Page:
    """The page that a line holds or names; raises ``LineUnreadable``."""
    sent = [each for each in (given.html, given.html_path, given.text) if each is not None]
    if len(sent) != 1:
        raise LineUnreadable("give one of html, html_path and text")
    if given.text is not None:
        return Page(content=given.text, url=given.url, kind="text")
    content = given.html if given.html is not None else content_of(Path(sent[0]))
    return Page(content=content, url=given.url)


def content_of(path: Path) -> bytes:
    """The bytes of a file, unpacked if its name ends in .gz; raises ``LineUnreadable``."""
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
            content: bytes = file.read(LINE_BYTES_MAX + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise LineUnreadable(f"{path} cannot be read: {error}") from error
    if len(content) > LINE_BYTES_MAX:
        raise LineUnreadable(f"{path} is larger than {LINE_BYTES_MAX} bytes")
    return content
