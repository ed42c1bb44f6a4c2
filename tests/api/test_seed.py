"""The document that the service was asked for first: a French news page as plain text."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import httpx
import pytest

from service.runtime import Runtime
from tests.working import working

SHARED = Path(os.environ.get("BROADSHEET_SHARED", Path(__file__).parents[3] / "shared"))
SEED = SHARED / "seed" / "euronews-fr.txt"
BOILERPLATE = (
    "Newsletter", "Loader", "Suivez-nous", "Publicité", "PUBLICITÉ", "Partager", "Close Button",
    "Copier/coller", "Accéder aux raccourcis", "À découvrir", "Tous droits", "Alice Tidey",
)  # fmt: skip


@pytest.mark.skipif(not SEED.exists(), reason="the seed document is not beside this checkout")
async def test_the_seed_is_one_clean_article(admin: httpx.AsyncClient, runtime: Runtime) -> None:
    """Headline, standfirst, author, figure, sixteen paragraphs, one heading, related links."""
    headers = {"Content-Type": "text/plain; charset=utf-8", "Prefer": "wait=20"}

    async with working(runtime):
        answer = await admin.post("/v1/ingestions", content=SEED.read_bytes(), headers=headers)

    article: dict[str, Any] = answer.json()["article"]
    by_type: dict[str, list[dict[str, Any]]] = {}
    for block in article["body"]:
        by_type.setdefault(block["type"], []).append(block)
    paragraphs = [block["text"] for block in by_type["paragraph"]]
    [figure] = by_type["figure"]
    [heading] = by_type["heading"]
    assert answer.status_code == 200
    assert article["headline"].startswith("L'OTAN doit se concentrer sur l'aide militaire")
    assert article["standfirst"].startswith("Le secrétaire général de l'OTAN, Mark Rutte, appelle")
    assert [author["name"] for author in article["authors"]] == ["Alice Tidey"]
    assert (article["published"]["at"], article["published"]["raw"]) == (None, "Publié le")
    assert article["language"]["code"] == "fr"
    assert figure["role"] == "lead"
    assert figure["caption"].endswith("à Bruxelles, le 3 décembre 2024.")
    assert figure["credit"] == {
        "text": "AP Photo/Virginia Mayo", "photographer": "Virginia Mayo", "agency": "AP",
    }  # fmt: skip
    assert figure["copyright_notice"] == "Tous droits réservés"
    assert len(paragraphs) == 16
    assert paragraphs[0].startswith("Les alliés de l'OTAN doivent")
    assert paragraphs[-1].endswith('"Cela se fait donc étape par étape".')
    assert heading["text"] == "La nécessité de trouver des solutions diplomatiques"
    assert article["body"].index(heading) == 9
    assert len(article["related"]) == 3
    assert not [word for word in BOILERPLATE if any(word in text for text in paragraphs)]
