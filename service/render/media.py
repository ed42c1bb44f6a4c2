"""Figures, galleries, video, audio and embeds as HTML; an embed is a link with its text."""

from __future__ import annotations

from html import escape

from service.article import Audio, Embed, Figure, Gallery, Image, LeadImage, Video
from service.render.inline import attribute, lang_html, link, text_html
from service.render.text import caption_lines
from service.urls import safe_web_url

CANDIDATES_MAX = 24

_PROVIDER_NAMES = {
    "youtube": "YouTube", "x": "X", "instagram": "Instagram", "tiktok": "TikTok",
    "facebook": "Facebook", "spotify": "Spotify", "datawrapper": "Datawrapper",
}  # fmt: skip


def figure(block: Figure) -> str:
    name = "figure lead" if block.role == "lead" else "figure"
    return figure_of(block.image, block, name, lang_html(block))


def figure_of(image: Image | None, words: Figure | LeadImage, name: str, lang: str = "") -> str:
    parts = [_image(image) if image else "", _caption(words)]
    inner = "\n".join(filter(None, parts))
    return f'<figure class="{name}"{lang}>\n{inner}\n</figure>' if inner else ""


def _image(image: Image) -> str:
    src = safe_web_url(image.src)
    if src is None:
        return text_html(image.alt or "")
    srcset = _srcset(image)
    sizes = "(min-width: 46rem) 44rem, 100vw" if srcset and "w" in srcset[-1:] else None
    return (
        f'<img src="{escape(src)}"{attribute("srcset", srcset)}{attribute("sizes", sizes)}'
        f"{attribute('alt', image.alt or '')}{_pixels('width', image.width)}"
        f'{_pixels("height", image.height)} loading="lazy" decoding="async">'
    )


def _pixels(name: str, value: int | None) -> str:
    return f' {name}="{int(value)}"' if value and value > 0 else ""


def _srcset(image: Image) -> str | None:
    """Candidates of one kind only, by width or by density: a mixed set is not valid."""
    known = [(safe_web_url(c.src), c) for c in image.candidates[:CANDIDATES_MAX]]
    usable = [(url, c) for url, c in known if url and url.strip(",") == url]
    wide = [f"{url} {int(c.width)}w" for url, c in usable if c.width and c.width > 0]
    if wide:
        return ", ".join(wide)
    return ", ".join(f"{url} {c.density:g}x" for url, c in usable if c.density) or None


def _caption(words: Figure | LeadImage) -> str:
    lines = caption_lines(words)
    if not lines:
        return ""
    has_caption = bool(words.caption)
    html = [text_html(line) for line in lines[:1] if has_caption]
    html += [f"<small>{text_html(line)}</small>" for line in lines[has_caption:]]
    return f"<figcaption>{' '.join(html)}</figcaption>"


def gallery(block: Gallery) -> str:
    items = "\n".join(filter(None, (figure(item) for item in block.items)))
    caption = f"\n<p>{text_html(block.caption)}</p>" if block.caption else ""
    return f'<div class="gallery"{lang_html(block)}>\n{items}{caption}\n</div>' if items else ""


def video(block: Video) -> str:
    return _player("video", block, safe_web_url(block.poster))


def audio(block: Audio) -> str:
    return _player("audio", block, None)


def _player(tag: str, block: Video | Audio, poster: str | None) -> str:
    src, url = safe_web_url(block.src), safe_web_url(block.url)
    caption = text_html(block.caption or "")
    if src:
        still = attribute("poster", poster)
        inner = f'<{tag} controls preload="none"{still} src="{escape(src)}"></{tag}>'
    elif url and poster:
        inner = link(url, f'<img src="{escape(poster)}" alt="▶" loading="lazy" decoding="async">')
    else:
        inner, caption = link(url, caption or text_html(url or "")), ""
    caption = f"\n<figcaption>{link(url, caption)}</figcaption>" if caption else ""
    return f'<figure class="{tag}"{lang_html(block)}>\n{inner}{caption}\n</figure>' if inner else ""


def embed(block: Embed) -> str:
    url = safe_web_url(block.url)
    text = (
        f"<blockquote{lang_html(block)}><p>{text_html(block.text)}</p></blockquote>\n"
        if block.text
        else ""
    )
    label = _PROVIDER_NAMES.get(block.provider)
    where = link(url, text_html(f"{label}: {url}" if label else url)) if url else ""
    inner = text + (f'<p class="source">{where}</p>' if where else "")
    return f'<div class="embed">\n{inner}\n</div>' if inner else ""
