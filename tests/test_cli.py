"""The command line, run as people run it."""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from service.embedded.folder import hold
from tests.conftest import with_database

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "service" / "sample.html"
HEADLINE = "Le phare de Kerlann retrouvera sa lumière avant l'hiver, assure la maire"


def run(*arguments: str, given: str = "", **environ: str) -> subprocess.CompletedProcess[str]:
    """``python -m service`` with no other settings than ``environ``."""
    clean = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
    return subprocess.run(
        [sys.executable, "-m", "service", *arguments],
        cwd=ROOT, env=clean | environ, input=given, capture_output=True, text=True, timeout=180,
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


def test_extract_sees_that_a_file_is_text(tmp_path):
    """By its name, or because it holds no tag; --html overrules that."""
    plain = "A headline\n\n" + "Some words of text. " * 40
    named, unnamed = tmp_path / "a.txt", tmp_path / "a"
    named.write_text(plain + "<b>not a page</b>")
    unnamed.write_text(plain)

    found = [json.loads(run("extract", str(path)).stdout) for path in (named, unnamed)]
    told = json.loads(run("extract", str(unnamed), "--html").stdout)

    assert [article["headline"] for article in found] == ["A headline"] * 2
    assert told["page_kind"] == "not_html"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ((), "name a FILE"),
        ((str(SAMPLE), "--url", "a.example/x"), "must be an absolute http or https address"),
        ((str(SAMPLE), "--view", "/none/x.html"), "/none/x.html cannot be written: No such file"),
    ],
)
def test_extract_says_what_is_wrong(given, told):
    """No file, an address that is none, and a page that cannot be written are clear errors."""
    done = run("extract", *given)

    assert done.returncode in {1, 2}
    assert told in done.stderr
    assert "Traceback" not in done.stderr


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
        {"id": "text", "text": "A headline\n\n" + "Some words of text. " * 40},
    ]
    given = "\n".join(map(json.dumps, lines)) + "\nnot json\n\n" + json.dumps(lines[0])

    done = run("extract", "--ndjson", given=given)

    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == [
        "html", 2, "gz", "gone", "both", "text", None, "html",
    ]  # fmt: skip
    assert [answer["article"]["headline"] for answer in answers[:3]] == [HEADLINE] * 3
    assert all("Soazig Quéméner" in answer["text"] for answer in answers[:3])
    assert min(answer["ms"] for answer in answers[:3]) > 0
    assert answers[5]["article"]["headline"] == "A headline"
    assert all(answers[at]["error"]["detail"] for at in (3, 4, 6))
    assert "8 pages, 3 failed" in done.stderr


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


def started_dev(home: Path) -> tuple[subprocess.Popen[str], dict[str, str]]:
    """``make run`` on a free port, and what it writes once it serves."""
    clean = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
    process = subprocess.Popen(
        [sys.executable, "-m", "service", "dev"], cwd=ROOT, text=True, stdout=subprocess.PIPE,
        env=clean | {"DATA_DIR": str(home), "PORT": "0"},
    )  # fmt: skip
    ready = home / "dev.json"
    deadline = time.monotonic() + 180
    while not ready.exists():
        assert process.poll() is None, process.stdout and process.stdout.read()
        assert time.monotonic() < deadline, "not ready in time"
        time.sleep(0.05)
    return process, json.loads(ready.read_text())


def processes_of(home: Path) -> list[str]:
    """The command line of every process that it, or its environment, says to be of ``home``."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                command = (entry / "cmdline").read_bytes()
                ours = os.fsencode(home) in command + (entry / "environ").read_bytes()
                found += [os.fsdecode(command)] if ours else []
    return found


def readme_answers(home: Path, url: str) -> list[dict[str, Any]]:
    """What the commands of README answer, in its order, when they are pasted into a shell."""
    blocks = re.findall(r"^```\w*\n(.*?)^```$", (ROOT / "README.md").read_text(), re.M | re.S)
    script = "".join(block for block in blocks if "curl " in block or "python3 " in block)
    script = script.replace(".data/dev.json", str(home / "dev.json"))
    said = subprocess.check_output(
        ["bash", "-eu"], cwd=ROOT, text=True, timeout=180,
        input=script.replace("http://127.0.0.1:8000", url),
    )  # fmt: skip
    read, answers = json.JSONDecoder().raw_decode, []
    while said := said.strip():
        answer, end = read(said)
        answers.append(answer)
        said = said[end:]
    return answers


def left_of(home: Path) -> list[str]:
    """What still runs after a minute: Postgres writes its last checkpoint first, which took 14 s
    where four others did so on one disk."""
    deadline = time.monotonic() + 60
    while (running := processes_of(home)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return running


@pytest.mark.slow
def test_dev_serves_and_leaves_nothing():
    """One command serves; the curl that it prints gives the article, and so do the commands of
    README; after Ctrl-C, as after kill -9, nothing runs; the next start has the same key and the
    article."""
    with tempfile.TemporaryDirectory(prefix="bs", ignore_cleanup_errors=True) as name:
        home = Path(name)
        process, dev = started_dev(home)
        assert process.stdout
        printed = iter(process.stdout.readline, "")
        command = next(line for line in printed if line.startswith("curl "))

        answer = json.loads(subprocess.check_output(shlex.split(command), cwd=ROOT, timeout=180))
        ingested, pushed = readme_answers(home, dev["url"])
        process.send_signal(signal.SIGINT)

        assert process.wait(40) == 0
        assert ingested["article"]["headline"] == HEADLINE
        assert len(pushed["ingestions"]) == 1
        assert answer["state"] == "succeeded"
        assert answer["article"]["headline"] == HEADLINE
        assert left_of(home) == []
        assert not (home / "dev.json").exists()
        assert (home / "client-key").stat().st_mode & 0o777 == 0o600

        again, dev_again = started_dev(home)
        url = f"{dev_again['url']}/v1/articles/{answer['article_id']}"
        article = httpx.get(url, headers={"Authorization": f"Bearer {dev_again['key']}"})
        again.kill()

        assert again.wait(10) == -signal.SIGKILL
        assert dev_again["key"] == dev["key"]
        assert article.json()["headline"] == HEADLINE
        assert left_of(home) == []
        for one in (process, again):
            assert one.stdout
            one.stdout.close()


def test_taken_port_is_named(tmp_path):
    """A port that is in use is a clear error before anything is started."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        done = run("dev", DATA_DIR=str(tmp_path / "data"), PORT=str(port))

    assert done.returncode == 1
    assert f"port {port} of 127.0.0.1 cannot be used" in done.stderr
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"DATA_DIR": "/dev/null/data"}, "cannot hold the data"),
        ({"DATA_DIR": __file__}, "cannot hold the data"),
        ({"PORT": "65536"}, "PORT: Expected `int` <= 65535"),
        ({"PORT": "eighty"}, "PORT: Expected `int`, got `str`: 'eighty'"),
        ({"DATABASE_URL": "here", "REDIS_URL": ""}, "DATABASE_URL: expected it to begin with"),
        ({"REDIS_URL": "redis://127.0.0.1:1"}, "REDIS_URL cannot be reached: Error 111"),
        (
            {"DATABASE_URL": "postgresql://u:hidden@127.0.0.1:1/x", "REDIS_URL": ""},
            "DATABASE_URL cannot be reached: [Errno 111]",
        ),
    ],
)
def test_what_cannot_be_used_is_named(environ, said):
    """One line says which setting and why; there is no traceback."""
    done = run("dev", **({"PORT": "0"} | environ))

    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert "hidden" not in done.stderr


def test_a_second_start_in_one_folder_names_the_first(tmp_path):
    """The folder is in use, which is what to say, and not that its port is."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        file = hold(tmp_path)

        done = run("dev", DATA_DIR=str(tmp_path), PORT=str(taken.getsockname()[1]))

        file.close()
    assert done.returncode == 1
    assert f"{tmp_path} is in use by process {os.getpid()}" in done.stderr


def test_a_page_that_cannot_be_read_is_named(tmp_path):
    """No file, a folder, or a .gz that is none."""
    broken = tmp_path / "page.html.gz"
    broken.write_bytes(b"<p>not gzip")

    for path in (tmp_path / "none", tmp_path, broken):
        done = run("extract", str(path))
        assert done.returncode in {1, 2}
        assert str(path) in done.stderr
        assert "Traceback" not in done.stderr


async def test_clients_by_command(settings):
    """A key is printed once, listed without its secret part, and can be revoked."""
    environ = {
        "DATABASE_URL": settings.database_url, "REDIS_URL": settings.redis_url,
        "BROADSHEET_SECRET": settings.secret,
    }  # fmt: skip

    key = run("client", "create", "--name", "a shop", "--scope", "read", **environ).stdout.strip()
    before = run("client", "list", **environ).stdout
    revoked = run("client", "revoke", before.split()[0], **environ)
    after = run("client", "list", **environ).stdout

    assert key.startswith("bsk_")
    assert key not in before
    assert "live" in before
    assert "a shop" in before
    assert revoked.returncode == 0
    assert "revoked" in after
    assert (
        run("client", "revoke", "00000000-0000-0000-0000-000000000000", **environ).returncode == 1
    )


def test_openapi_is_the_committed_file():
    """The command prints what openapi/v1.json holds."""
    assert run("openapi").stdout == (ROOT / "openapi" / "v1.json").read_text()


def test_service_needs_a_secret():
    """Without a secret the API does not start: keys would be hashed with nothing."""
    done = run("api", DATABASE_URL="postgresql://nowhere/x", REDIS_URL="redis://nowhere")

    assert done.returncode == 1
    assert "BROADSHEET_SECRET is not set" in done.stderr


def test_a_short_secret_is_refused():
    """What peppers keys must not be guessed."""
    given = {"DATABASE_URL": "postgresql://nowhere/x", "REDIS_URL": "redis://nowhere"}

    done = run("api", BROADSHEET_SECRET="x" * 31, **given)

    assert done.returncode == 1
    assert "BROADSHEET_SECRET is shorter than 32 characters" in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="children are found in /proc")
def test_a_stop_while_the_api_starts_is_heeded():
    """A process that still imports ends at once, and not when drain_s has passed."""
    given = {
        "DATABASE_URL": "postgresql://127.0.0.1:1/x", "REDIS_URL": "redis://127.0.0.1:1",
        "BROADSHEET_SECRET": "x" * 32, "BROADSHEET_DRAIN_S": "60", "PORT": "0",
    }  # fmt: skip
    api = subprocess.Popen(
        [sys.executable, "-m", "service", "api"], cwd=ROOT, env=os.environ | given,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    children = Path(f"/proc/{api.pid}/task/{api.pid}/children")
    deadline = time.monotonic() + 60
    while not children.read_text() and time.monotonic() < deadline:
        time.sleep(0.005)

    api.terminate()

    assert api.wait(30) == 0
