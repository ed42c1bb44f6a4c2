"""The command line, run as people run it."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

from tests.conftest import with_database

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "service" / "sample.html"
HEADLINE = "Le phare de Kerlann retrouvera sa lumière avant l'hiver, assure la maire"


def run(*arguments: str, given: str = "", **environ: str) -> subprocess.CompletedProcess[str]:
    """``python -m service`` with no other settings than ``environ``."""
    clean = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
    return subprocess.run(
        [sys.executable, "-m", "service", *arguments],
        cwd=ROOT, env=clean | environ, input=given, capture_output=True, text=True, timeout=60,
    )  # fmt: skip


def test_extract_prints_the_article(tmp_path):
    """A page becomes JSON on stdout; the view is a whole page; reasons go to stderr."""
    view = tmp_path / "view.html"

    done = run(
        "extract", str(SAMPLE), "--url", "https://a.example/x", "--explain", "--view", str(view)
    )

    article = json.loads(done.stdout)
    assert article["headline"] == HEADLINE
    assert article["url"] == "https://a.example/x"
    assert "paragraph" in done.stderr
    assert HEADLINE.replace("'", "&#x27;") in view.read_text() or HEADLINE in view.read_text()


def test_extract_reads_stdin():
    """``-`` is stdin, and --text says that it is not HTML."""
    done = run("extract", "-", "--text", given="A headline\n\n" + "Some words of text. " * 40)

    assert "Some words of text." in done.stdout


def test_extract_without_a_file_says_what_to_do():
    """No file is a clear error."""
    done = run("extract")

    assert done.returncode == 2
    assert "name a FILE" in done.stderr


def test_lines_keep_their_order(tmp_path):
    """Each line in gives one line out, in order: articles, and errors that name the line's id."""
    packed = tmp_path / "page.html.gz"
    packed.write_bytes(gzip.compress(SAMPLE.read_bytes()))
    lines = [
        {"id": "html", "url": "https://a.example/1", "html": SAMPLE.read_text()},
        {"id": 2, "html_path": str(SAMPLE)},
        {"id": "gz", "html_path": str(packed)},
        {"id": "gone", "html_path": str(tmp_path / "none.html")},
        {"id": "both", "html": "<p>x", "html_path": "x"},
    ]
    given = "\n".join(map(json.dumps, lines)) + "\nnot json\n\n" + json.dumps(lines[0])

    done = run("extract", "--ndjson", given=given)

    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == ["html", 2, "gz", "gone", "both", None, "html"]
    assert [answer["article"]["headline"] for answer in answers[:3]] == [HEADLINE] * 3
    assert all("Soazig Quéméner" in answer["text"] for answer in answers[:3])
    assert min(answer["ms"] for answer in answers[:3]) > 0
    assert all(answer["error"]["detail"] for answer in answers[3:6])
    assert "7 pages, 3 failed" in done.stderr


def test_lines_are_answered_as_they_come():
    """A line is answered before the next one is there: it can be used as a filter."""
    with subprocess.Popen(
        [sys.executable, "-m", "service", "extract", "--ndjson"],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdin
        assert process.stdout

        for number in range(3):
            process.stdin.write(json.dumps({"id": number, "html_path": str(SAMPLE)}) + "\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == number

        process.stdin.close()
        assert process.wait(20) == 0


def test_unknown_setting_is_named():
    """A misspelt setting stops every command with its name, and no traceback."""
    done = run("migrate", BROADSHEET_LEASES="3")

    assert done.returncode == 1
    assert done.stderr.strip() == "Error: unknown setting: BROADSHEET_LEASES"


def test_missing_database_is_named():
    """What needs a database says which setting names it."""
    done = run("migrate")

    assert done.returncode == 1
    assert "DATABASE_URL is not set" in done.stderr


async def test_migrate_says_what_it_did(outside, template):
    """On a migrated database there is nothing to do."""
    done = run("migrate", DATABASE_URL=with_database(outside.database_url, template))

    assert done.stdout == "nothing to do\n"
