"""Changes of what stands around a story, or in it: boxes of ours, told by no class."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import turbohtml

from benchmarks.extraction.changes import Change

Tree = Any
PARAGRAPH_CHARS_MIN = 60
PARAGRAPHS_MIN = 4
_BY_LANGUAGE = {
    "en": ("Read more", "Council approves the new bridge after ten years of debate",
           "Get the best stories of the week in your inbox, every Friday morning."),
    "de": ("Lesen Sie auch", "Gemeinderat stimmt nach zehn Jahren Streit für die neue Brücke",
           "Die besten Geschichten der Woche, jeden Freitag früh in Ihrem Postfach."),
    "fr": ("À lire aussi", "Le conseil approuve le nouveau pont après dix ans de débats",
           "Recevez chaque vendredi matin les meilleures histoires de la semaine."),
    "es": ("Lee también", "El consejo aprueba el nuevo puente tras diez años de debate",
           "Reciba cada viernes por la mañana las mejores historias de la semana."),
}  # fmt: skip
_WHO = ("The council", "A baker from the old town", "My neighbour", "The orchestra", "Everyone")
_DID = ("has not forgotten", "would gladly pay for", "wrote a long letter about", "opened", "saw")
_WHAT = (
    "the bridge over the river.", "a school that closed before anyone could protest.",
    "the night train, which was late again.", "thirty gardens between the station and the lake.",
    "what the paper says.", "the market hall and its clock that has been wrong since the flood.",
    "two hundred visitors.",
)  # fmt: skip


def of_tree(change: Callable[[Tree], object]) -> Change:
    """A change of the parser's tree as one of the page."""

    def changed(page: str, _: str) -> str:
        tree = turbohtml.parse(page)
        change(tree)
        return str(tree.html)

    return changed


def elements(tree: Tree, selector: str) -> list[Any]:
    """The elements that a selector finds, as they were before anything is changed."""
    return list(tree.select(selector))


def story(tree: Tree) -> list[Any]:
    """The paragraphs of the element that holds most text in paragraphs of its own; none if few."""
    held: dict[Any, list[Any]] = {}
    for paragraph in elements(tree, "body p"):
        if len(paragraph.text.strip()) >= PARAGRAPH_CHARS_MIN:
            held.setdefault(paragraph.parent, []).append(paragraph)
    found = max(held.values(), key=lambda ps: sum(len(p.text) for p in ps), default=[])
    return found if len(found) >= PARAGRAPHS_MIN else []


def _parsed(markup: str) -> list[Any]:
    return list(turbohtml.parse(markup).select_one("body").children)


def _said(tree: Tree) -> tuple[str, str, str]:
    root = tree.select_one("html")
    language = (root.attr("lang") or "en")[:2].lower() if root else "en"
    return _BY_LANGUAGE.get(language, _BY_LANGUAGE["en"])


def inserted(markup: str) -> Change:
    """A box of ours after the third paragraph of the story, in one of four languages."""

    def insert(tree: Tree) -> None:
        if paragraphs := story(tree):
            label, title, offer = _said(tree)
            link = (
                f'<a href="https://www.example.com/news/2026/council-approves-bridge">{title}</a>'
            )
            box = markup.format(label=label, link=link, offer=offer)
            paragraphs[2].insert_after(*_parsed(box))

    return of_tree(insert)


def beside(markup: str, *, first: bool = False, times: int = 1) -> Change:
    """Something of ours at the beginning or the end of the page."""

    def put(tree: Tree) -> None:
        body = tree.select_one("body")
        pieces = _parsed(markup.replace("{many}", "".join(_many(tree, times))))
        for at, piece in enumerate(pieces):
            body.insert(at, piece) if first else body.append(piece)

    return of_tree(put)


def _many(tree: Tree, times: int) -> list[str]:
    _, title, _ = _said(tree)
    return [
        f'<div><h3><a href="/news/{at}/story">{title} {at}</a></h3><p>{_sentence(at)}</p></div>'
        for at in range(times)
    ]


def _sentence(at: int) -> str:
    """One of 175 sentences."""
    return f"{_WHO[at % 5]} {_DID[at // 5 % 5]} {_WHAT[at % 7]}"


def _comments(tree: Tree) -> None:
    if paragraphs := story(tree):
        said = "".join(
            f"<div><div>Ann Reader {at}</div><div>3 hours ago</div>"
            f"<div><p>{_sentence(at)} {_sentence(at * 3 + 1)}</p></div><a href='#'>Reply</a></div>"
            for at in range(30)
        )
        paragraphs[0].parent.insert_after(*_parsed(f"<div><h3>30 comments</h3>{said}</div>"))


SURROUNDED: dict[str, Change] = {
    "more: advertisement": inserted(
        "<div><span>Advertisement</span><a href='https://ads.example'><img src='/ad.gif'></a></div>"
    ),
    "more: newsletter": inserted(
        "<div><h4>Newsletter</h4><p>{offer}</p><form><input><button>OK</button></form></div>"
    ),
    "more: related, list": inserted("<div><h3>{label}</h3><ul><li>{link}<li>{link} 2</ul></div>"),
    "more: related, line": inserted("<p><strong>{label}:</strong> {link}</p>"),
    "more: related, card": inserted(
        "<div><div>{label}</div><div><img src='/t.jpg' alt=''>{link}<p>{offer}</p></div></div>"
    ),
    "more: consent first": beside(
        "<div><h2>We value your privacy</h2><p>We and our partners use cookies to store and access"
        " information on your device, and process personal data to show you advertising.</p>"
        "<button>Accept all</button><button>Settings</button></div>", first=True,
    ),
    "more: sidebar first": beside("<div>{many}</div>", first=True, times=12),
    "more: sidebar last": beside("<div>{many}</div>", times=12),
    "more: 30 comments": of_tree(_comments),
    "more: 300 links last": beside(
        "<div>" + "<a href='/topic/x'>Topic of the day</a> " * 300 + "</div>"
    ),
}  # fmt: skip
