"""The ftr-site-config format (CC0, https://github.com/fivefilters/ftr-site-config) -> ``Rule``.

One directive a line, ``name: value``; a name may stand in several lines, whose values are tried or
done in order. Directives that ask for what this engine does anyway (tidy, prune), or for what it
does not do, are named in ``ignored``.
"""

from __future__ import annotations

import re
from functools import lru_cache

from msgspec import Struct

from service.extract.document import tree_of
from service.extract.page import Page

TEXT_CHARS_MAX = 65_536
VALUES_MAX = 500
VALUE_CHARS_MAX = 4_096
XPATHS = frozenset(
    {"title", "body", "author", "date", "strip", "single_page_link", "next_page_link"}
)
WORDS = frozenset({"strip_id_or_class", "strip_image_src"})
_LINE = re.compile(r"([a-z_]{1,40})\s*(?:\(([^)]{1,1000})\))?\s*:\s?(.*)\Z", re.IGNORECASE)
_HEADER = re.compile(r"[A-Za-z0-9-]{1,64}\Z")


class RuleFault(ValueError):
    """A rule that cannot be read; the text names its line and what is wrong."""


class RuleTest(Struct, frozen=True):
    """A page that a rule was written for, and texts that its story must have."""

    url: str
    contains: tuple[str, ...] = ()


class Rule(Struct, frozen=True, kw_only=True):
    """A site's rule: XPath 1.0 expressions in the order in which they are tried.

    ``replace`` are pairs of texts, done on the source before it is parsed. ``headers`` are sent
    with requests to the site.
    """

    title: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    date: tuple[str, ...] = ()
    strip: tuple[str, ...] = ()
    strip_id_or_class: tuple[str, ...] = ()
    strip_image_src: tuple[str, ...] = ()
    single_page_link: tuple[str, ...] = ()
    next_page_link: tuple[str, ...] = ()
    replace: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    tests: tuple[RuleTest, ...] = ()
    ignored: tuple[str, ...] = ()

    @property
    def test_url(self) -> tuple[str, ...]:
        """The addresses of the pages that it was written for."""
        return tuple(test.url for test in self.tests)


@lru_cache(maxsize=256)
def read_rule(text: str) -> Rule:
    """The rule that ``text`` holds; raises ``RuleFault`` with the line that cannot be read.

    ``"title: //h1\\nstrip_id_or_class: share"`` gives ``Rule(title=("//h1",),
    strip_id_or_class=("share",))``.
    """
    if len(text) > TEXT_CHARS_MAX:
        raise RuleFault(f"a rule has at most {TEXT_CHARS_MAX:,} characters")
    reader = _Reader()
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        if line.strip() and not line.lstrip().startswith("#"):
            reader.read(number, line.strip())
    return reader.rule()


class _Reader:
    def __init__(self) -> None:
        self._values: dict[str, list[str]] = {}
        self._headers: dict[str, str] = {}
        self._pairs: list[tuple[str, str]] = []
        self._found: list[str] = []
        self._tests: list[RuleTest] = []
        self._ignored: dict[str, None] = {}

    def read(self, number: int, line: str) -> None:
        match = _LINE.match(line)
        if match is None or len(line) > VALUE_CHARS_MAX:
            raise RuleFault(f"line {number}: not a directive such as 'body: //article'")
        name, argument, value = match[1].lower(), match[2], match[3].strip()
        if name in XPATHS and value:
            _check_xpath(number, value)
            self._keep(number, name, value)
        elif name in WORDS and value:
            self._keep(number, name, value.strip("'\""))
        elif name == "test_url" and value:
            self._tests.append(RuleTest(value))
        elif name == "test_contains" and value and self._tests:
            test = self._tests[-1]
            self._tests[-1] = RuleTest(test.url, (*test.contains, value))
        elif name == "http_header" and argument:
            self._keep_header(number, argument, value)
        elif name == "find_string":
            self._found.append(value)
        elif name == "replace_string":
            self._keep_pair(number, argument, value)
        else:
            self._ignored[name] = None

    def rule(self) -> Rule:
        if self._found:
            raise RuleFault("a find_string without its replace_string")
        return Rule(
            **{name: tuple(values) for name, values in self._values.items()},
            replace=tuple(self._pairs),
            headers=tuple(self._headers.items()),
            tests=tuple(self._tests),
            ignored=tuple(self._ignored),
        )

    def _keep(self, number: int, name: str, value: str) -> None:
        values = self._values.setdefault(name, [])
        if len(values) >= VALUES_MAX:
            raise RuleFault(f"line {number}: more than {VALUES_MAX} of {name}")
        values.append(value)

    def _keep_header(self, number: int, name: str, value: str) -> None:
        if not _HEADER.match(name) or not value.isprintable():
            raise RuleFault(f"line {number}: not a header")
        self._headers[name.lower()] = value

    def _keep_pair(self, number: int, argument: str | None, value: str) -> None:
        if argument is None and not self._found:
            raise RuleFault(f"line {number}: a replace_string without its find_string")
        found = argument if argument is not None else self._found.pop(0)
        if found:
            self._pairs.append((found, value))


def _check_xpath(number: int, expression: str) -> None:
    try:
        tree_of(Page(content="<p>")).xpath(expression)
    except ValueError as error:
        raise RuleFault(f"line {number}: not an XPath 1.0 expression: {error}") from None
