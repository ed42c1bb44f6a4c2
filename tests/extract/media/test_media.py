"""Figures and lead images of pages."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest

from service.article import AnyBlock, Credit, Figure, Gallery, Image
from service.extract import Page, extract, parse
from service.extract.media import Media, read_media
from service.extract.media.lead import is_generic, read_lead

PROSE = (
    "<p>The water rose through the night, and by the morning the lower town was cut off.</p>" * 4
)
URL = "https://plain.example/river"


def media_of(html: str, *images: str) -> Media:
    page = Page(content=f"<html><body>{html}</body></html>", url=URL)
    metadata = SimpleNamespace(
        images=[(image, "meta") for image in images], authors=[], headline="River", site=None
    )
    return read_media(parse(page), metadata)


def blocks_of(html: str) -> list[AnyBlock]:
    return list(media_of(f"<article><h1>River</h1>{PROSE}{html}{PROSE}</article>").blocks.values())


def figure_of(html: str) -> Figure:
    figures = [block for block in blocks_of(html) if isinstance(block, Figure)]
    assert len(figures) == 1
    return figures[0]


JON = Credit(text="Jon Vega/AP", photographer="Jon Vega", agency="AP")

SHAPES = {
    "figure and figcaption": """<figure><img src="/a.jpg"><figcaption>A levee at dawn.
        <span class="credit">Jon Vega/AP</span></figcaption></figure>""",
    "label in the caption": """<figure><img src="/a.jpg">
        <figcaption>A levee at dawn. Foto: Jon Vega/AP</figcaption></figure>""",
    "soup with words": """<div class="c-article-image"><div><img src="/a.jpg"></div>
        <div class="c-article-caption__text">A levee at dawn.</div>
        <div class="c-article-caption__credit">Jon Vega/AP</div></div>""",
    "German words": """<div class="bild"><img src="/a.jpg"><p class="bildunterschrift">A levee at
        dawn. <span class="fotograf">Jon Vega/AP</span></p></div>""",
    "Spanish words": """<div class="imagen"><img src="/a.jpg"><span class="pie-de-foto">A levee at
        dawn.</span> <span class="autor">Jon Vega/AP</span></div>""",
    "WordPress": """<div id="attachment_1" class="wp-caption"><a href="/a.jpg"><img src="/a.jpg">
        </a><p class="wp-caption-text">A levee at dawn. (Jon Vega/AP)</p></div>""",
    "microdata": """<div itemscope itemtype="https://schema.org/ImageObject"><img src="/a.jpg">
        <span itemprop="caption">A levee at dawn.</span>
        <span itemprop="creditText">Jon Vega/AP</span></div>""",
    "AMP": """<amp-img src="/a.jpg" width="800" height="450"></amp-img>
        <figcaption>A levee at dawn. Jon Vega/AP</figcaption>""",
    "caption in the next element": """<p><img src="/a.jpg"></p>
        <p><em>A levee at dawn. Photo by Jon Vega/AP</em></p>""",
    "figcaption outside the figure": """<div class="img-container"><figure><img src="/a.jpg">
        </figure><figcaption><span>A levee at dawn.</span><span class="x-author">Jon Vega/AP</span>
        </figcaption></div>""",
    "lazy with fallback": """<figure><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="
        class="lazy"><noscript><img src="/a.jpg"></noscript>
        <figcaption>A levee at dawn. <small>Jon Vega/AP</small></figcaption></figure>""",
    "inside a button": """<div class="image-group"><button><figure><img src="/a.jpg" width="16"
        height="9"></figure><figcaption>A levee at dawn. <span class="credit">Jon Vega/AP</span>
        </figcaption></button></div>""",
    "counter and link": """<figure class="media"><div><a href="#"><img src="/a.jpg"></a>
        <span class="number">2</span></div><figcaption><span>A levee at dawn.</span>
        <span class="credit">Credit: Jon Vega/AP</span></figcaption></figure>""",
    "caption printed twice": """<div class="article-image"><img src="/a.jpg"><div class="caption">
        A levee at dawn. <span class="credit">Jon Vega/AP</span></div>
        <div class="image-credit">Jon Vega/AP</div></div>""",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_figure_is_read_from_every_shape(shape: str) -> None:
    """Caption and credit are told apart and once, however a page marks them up."""
    figure = figure_of(SHAPES[shape])

    assert figure.caption == "A levee at dawn."
    assert figure.credit == JON
    assert figure.image is not None
    assert figure.image.src == "https://plain.example/a.jpg"


def test_doubled_rights_line_is_read_once() -> None:
    """Text, rights and credit in one block, and again in another, make one figure."""
    figure = figure_of("""<div class="c-article-image"><img src="/a.jpg"><div class="c-caption">
        <div class="c-caption__text">Mark Rutte à Bruxelles. <span class="c-caption__copyright">Tous
        droits réservés </span><span class="c-caption__credit">AP Photo/Virginia Mayo</span></div>
        </div><div class="c-image-copyright">Tous droits réservés AP Photo/Virginia Mayo</div>
        </div>""")

    assert figure.caption == "Mark Rutte à Bruxelles."
    assert figure.credit == Credit(
        text="AP Photo/Virginia Mayo", photographer="Virginia Mayo", agency="AP"
    )
    assert figure.copyright_notice == "Tous droits réservés"


DECOR = {
    "pixel": '<img src="/a.jpg" width="1" height="1">',
    "icon": '<img src="/icons/icon-mail.png">',
    "avatar": '<div class="author-avatar"><img src="/jon.jpg"></div>',
    "teaser": '<a href="/other-story"><img src="/other.jpg"><span>Another story</span></a>',
    "related": '<div class="related-stories"><img src="/a.jpg"><p>Read this</p></div>',
    "placeholder": '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">',
    "navigation": '<nav><img src="/a.jpg"></nav>',
    "hidden": '<div style="display: none"><img src="/a.jpg"></div>',
}


@pytest.mark.parametrize("shape", DECOR)
def test_decoration_is_no_figure(shape: str) -> None:
    """Pixels, icons, portraits and the thumbnails of other stories are not figures."""
    assert blocks_of(DECOR[shape]) == []


@pytest.mark.parametrize(
    "html",
    [
        f"<div><img src='/a.jpg'>{PROSE}</div>",
        "<img src='/a.jpg'>" + PROSE.replace("<p>", "<p class='paragraph inline-placeholder'>"),
        f"<p><img src='/a.jpg'> The water rose through the night, and went.</p>{PROSE}",
        "<div class='image'><img src='/a.jpg'></div><p>It rose. Then it fell.</p>" + PROSE,
    ],
)
def test_text_of_the_story_is_never_consumed(html: str) -> None:
    """A picture in a paragraph, or beside one, takes nothing of it."""
    media = media_of(f"<article><h1>x</h1>{html}</article>")

    assert media.consumed == frozenset()
    assert [type(block) for block in media.blocks.values()] == [Figure]


def test_largest_sensible_size_comes_first() -> None:
    """Of all candidates the widest up to 2560 is the image; the others stay as choices."""
    figure = figure_of("""<picture>
        <source srcset="/a-480.webp 480w, /a-1600,x.webp 1600w, /a-9000.webp 9000w">
        <img src="/a-300.jpg" data-srcset="/a-800.jpg 800w" alt="A  levee"></picture>""")

    image = figure.image
    assert image is not None
    assert image.src == "https://plain.example/a-1600,x.webp"
    assert image.mime == "image/webp"
    assert image.alt == "A levee"
    assert [candidate.width for candidate in image.candidates] == [1600, 800, 480, 9000]


@pytest.mark.parametrize(
    "html",
    [
        '<img src="/blank.gif" data-src="/a.jpg">',
        '<img src="/img/placeholder.png" data-original="/a.jpg">',
        '<img data-lazy-src="/a.jpg" src="data:image/svg+xml;base64,AAAA">',
        '<img src="/spacer.gif" data-srcset="/a.jpg 2x">',
        '<div class="hero-image" style="background-image: url(\'/a.jpg\')"></div>',
        '<lazy-image data-src="/a.jpg"></lazy-image>',
        '<noscript><img src="/a.jpg" width="800"></noscript>',
    ],
)
def test_placeholders_are_seen_through(html: str) -> None:
    """The picture that a script would load is found."""
    figure = figure_of(html)

    assert figure.image is not None
    assert figure.image.src == "https://plain.example/a.jpg"


def test_claimed_picture_takes_the_words_of_its_figure() -> None:
    """The lead image is the claimed one, with the caption of the figure that shows it."""
    html = f"""<article><h1>River</h1>{PROSE}<figure><img src="/levee-dawn-1200x675.jpg">
        <figcaption>A levee.</figcaption></figure></article>"""

    media = media_of(html, "https://plain.example/levee-dawn.jpg")

    assert media.lead_image is not None
    assert media.lead_image.src == "https://plain.example/levee-dawn.jpg"
    assert media.lead_image.caption == "A levee."
    assert media.lead_source == "meta"


def test_opening_picture_leads_where_the_claim_is_generic() -> None:
    """A logo for sharing is refused; the picture under the headline leads."""
    html = f"<article><h1>River</h1><figure><img src='/levee.jpg'></figure>{PROSE}</article>"

    media = media_of(html, "https://plain.example/img/default-share.png")
    badge = media_of(html, "https://secure.gravatar.com/blavatar/cad1567?s=200")

    assert media.lead_image is not None
    assert media.lead_image.src == "https://plain.example/levee.jpg"
    assert badge.lead_image is not None
    assert badge.lead_image.src == media.lead_image.src
    assert [block.role for block in media.blocks.values() if isinstance(block, Figure)] == ["lead"]


def test_page_without_pictures_has_no_lead() -> None:
    """Nothing is made up where nothing is shown or claimed."""
    assert media_of(f"<article><h1>x</h1>{PROSE}</article>").lead_image is None


HOSTILE = {
    "pictures": '<img src="/a.jpg">' * 20_000,
    "one parent": "<div>" + '<img src="/a.jpg"><b>x</b>' * 20_000 + "</div>",
    "figures in figures": "<figure>" * 5_000 + '<img src="/a.jpg">',
    "captions": "<figure><img src=/a.jpg><figcaption>" + "<b>(Foto: " * 20_000,
    "srcset": f'<img srcset="{"/a.jpg 1w, " * 100_000}">',
    "commas": f'<img srcset="{", " * 500_000}">',
    "class words": f'<div class="{"caption-credit " * 60_000}"><img src="/a.jpg">x</div>',
    "styles": '<div class="image" style="background:url(' * 5_000,
    "noscript": '<noscript><img src="/a.jpg">' * 5_000,
}


@pytest.mark.parametrize("shape", HOSTILE)
def test_hostile_pages_end_in_time(shape: str) -> None:
    """Reading the media of a page takes time that is linear in its size, whatever its shape."""
    document = parse(Page(content=HOSTILE[shape], url=URL))
    started = time.process_time()

    read_media(document, SimpleNamespace(images=[], authors=[], headline=None, site=None))

    assert time.process_time() - started < 1.5


def test_slides_become_one_gallery() -> None:
    """The figures of a gallery are one block, in order, thumbnails of them left out."""
    slides = "".join(
        f"<li><figure><img src='/slide-number-{n}-1200x800.jpg'><figcaption>View {n}</figcaption>"
        f"</figure></li><li><img src='/slide-number-{n}-160x100.jpg'></li>"
        for n in (1, 2, 3)
    )

    (block,) = blocks_of(f"<div class='photo-gallery'><ul>{slides}</ul></div>")

    assert isinstance(block, Gallery)
    assert [item.caption for item in block.items] == ["View 1", "View 2", "View 3"]


def test_story_inside_a_slider_stays_a_story() -> None:
    """An element that says it is a slider but holds the whole story is no gallery."""
    figure = "<figure><img src='/{}-of-the-river.jpg'></figure>"
    html = f"<div class='slider'>{PROSE * 5}{figure.format('a')}{PROSE}{figure.format('b')}</div>"

    assert [type(block) for block in blocks_of(html)] == [Figure, Figure]


def test_the_lead_in_another_size_is_printed_once() -> None:
    """A head that claims a larger size of the printed picture gives no second figure."""
    head = '<meta property="og:image" content="https://example.org/full/sea_wall_storm.jpg">'
    figure = (
        '<figure><img src="/large/sea_wall_storm.jpg"><figcaption>The wall</figcaption></figure>'
    )
    prose = "<p>The council of the small town decided on Tuesday to rebuild the wall at last.</p>"
    html = f"<head>{head}</head><article><h1>Sea wall</h1>{figure}{prose}"
    html += "<p>Fishermen had asked for the work for years, since waves reach their houses.</p>"

    article = extract(Page(content=html, url="https://example.org/a"))

    assert [type(block).__name__ for block in article.body].count("Figure") == 1
    assert isinstance(article.body[0], Figure)
    assert article.body[0].caption == "The wall"


def test_the_face_of_the_author_is_no_lead() -> None:
    """A portrait from the folder of authors does not open a story."""
    face = Figure(image=Image(src="https://example.org/img/autoren/profiles/anna-berg-2x.png"))
    wall = Figure(image=Image(src="https://example.org/img/2024/sea-wall.png"))

    assert read_lead([], [face], face) is None
    assert read_lead([], [wall], wall) is not None


def test_a_line_that_says_what_the_alt_says_is_the_caption() -> None:
    """A bare line beside a picture is its caption where it repeats the text for the picture."""
    picture = '<p><img src="/a.jpg" alt="A levee at dawn, north of the lower town"></p>'

    figure = figure_of(f"{picture}<p></p><p>A levee at dawn, north of the lower town</p>")

    assert figure.caption == "A levee at dawn, north of the lower town"


CAPTIONED = """<table class="tr-caption-container"><tr><td><a href="/b.jpg"><img src="/b.jpg"></a>
<tr><td class="tr-caption">A levee at dawn. Photo: Jon Vega/AP</table>"""


def test_a_table_that_sets_a_caption_below_a_picture_is_a_figure() -> None:
    """Old editors do so; the caption is not that of an uncaptioned picture before the table."""
    first, second = (b for b in blocks_of(f'<p><img src="/a.jpg"></p>{CAPTIONED}'))

    assert isinstance(first, Figure)
    assert isinstance(second, Figure)
    assert (first.caption, first.credit) == (None, None)
    assert (second.caption, second.credit) == ("A levee at dawn.", JON)


def test_text_of_the_story_beside_a_picture_is_no_caption() -> None:
    """Editors have a block that sets both beside each other; its name holds both words."""
    figure = figure_of(
        '<div class="wp-block-media-text"><figure class="wp-block-media-text__media">'
        '<img src="/a.jpg"></figure><div class="wp-block-media-text__content">'
        "<p>The levee was built in 1912, says the keeper.</p></div></div>"
    )

    assert figure.caption is None


def test_a_picture_inside_an_element_of_its_own_is_one() -> None:
    """Builders of sites wrap each picture into an element of a name of their own."""
    figure = figure_of(
        "<figure><wow-image><img src='/a.jpg'></wow-image><figcaption>A levee</figcaption></figure>"
    )

    assert figure.caption == "A levee"


@pytest.mark.parametrize(
    "after", ["<h2>{}</h2>", "<p>{} gave way in the night, and nobody slept.</p>"]
)
def test_headings_and_prose_beside_a_picture_stay_text(after: str) -> None:
    """What goes on after the words of the alt, and headings, are no caption."""
    alt = "A levee at dawn, north of the lower town"

    figure = figure_of(f'<p><img src="/a.jpg" alt="{alt}"></p>{after.format(alt)}')

    assert figure.caption is None


def test_the_portrait_of_an_author_is_no_picture_of_the_story() -> None:
    """Nothing is said of it but the author's name; who took a picture may be the author too."""
    first = '<div><img src="/lee-400x400.jpg" alt="Ann Lee"><span>By Ann Lee</span></div>'
    shown = '<figure><img src="/river-800x600.jpg"><figcaption>The river. Photo: Ann Lee'
    head = '<meta name="author" content="Ann Lee">'
    html = f"<html><head>{head}</head><article><h1>River</h1>{first}{PROSE}{shown}</figure>{PROSE}"

    article = extract(Page(content=html, url=URL))

    figures = [block for block in article.body if isinstance(block, Figure)]
    assert [figure.caption for figure in figures] == ["The river."]
    assert article.lead_image is None or "lee" not in str(article.lead_image.src)


def test_what_enlarges_a_picture_and_the_headline_are_no_captions() -> None:
    """A figure without a caption of its own has none."""
    for words in ("Press enter or click to view image in full size", "River"):
        image = f'<img src="/a-800x600.jpg"><figcaption>{words}</figcaption>'
        html = f"<article><h1>River</h1>{PROSE}<figure>{image}</figure>{PROSE}</article>"
        article = extract(Page(content=html, url=URL))
        assert [block.caption for block in article.body if isinstance(block, Figure)] == [None]


def test_a_printed_caption_is_no_standfirst() -> None:
    """Classes may call it so; the picture is shown with it."""
    words = "The water of the river stands in the streets of the lower town since the morning."
    shown = f'<div><img src="/a-800x600.jpg"><div class="caption summary">{words}</div></div>'

    article = extract(Page(content=f"<h1>River</h1>{shown}{PROSE}", url=URL))

    assert article.standfirst is None


def test_credits_have_one_label() -> None:
    """A template and its author may write one each; agencies may stand before a colon."""
    for credit, maker, agency in (
        (": Photo: PA", None, "PA"), ("shutterstock: Ann Lee", "Ann Lee", "shutterstock"),
    ):  # fmt: skip
        html = f'<figure><img src="/a.jpg"><figcaption>A<i class="credit">{credit}</i></figure>'
        found = figure_of(html).credit
        assert found is not None
        assert (found.photographer, found.agency) == (maker, agency)


def test_the_headline_is_no_credit_and_the_site_no_photographer() -> None:
    """Templates fill what nobody wrote; a site holds a picture as an agency does."""
    head = '<meta property="og:site_name" content="Hill Record">'
    for credit, shown in (
        ("The River and the Lower Town", None),
        ("Hill Record", Credit(text="Hill Record", agency="Hill Record")),
    ):
        image = '<img src="/a-800x600.jpg"><figcaption>A levee.</figcaption>'
        words = f'<figure>{image}<span class="credit">{credit}</span></figure>'
        html = (
            f"{head}<article><h1>The River and the Lower Town</h1>{PROSE}{words}{PROSE}</article>"
        )
        article = extract(Page(content=html, url=URL))
        figure = next(block for block in article.body if isinstance(block, Figure))
        assert (figure.caption, figure.credit) == ("A levee.", shown)


@pytest.mark.parametrize(
    "src",
    [
        "https://kap.example/wp-content/themes/kap/_img/anchor.png",
        "https://kap.example/wp-content/uploads/2020/02/kap-512x512.png",
    ],
)
def test_a_picture_of_the_sites_design_is_no_lead(src: str) -> None:
    """Themes and icons have folders and sizes of their own."""
    assert is_generic(src)


@pytest.mark.parametrize("size", ["²", "٦٤٠", "1²", "640.5px", "1e9", "-3"])
def test_a_size_in_any_digits_raises_nothing(size: str) -> None:
    """What is no number of pixels is no size, and the picture is kept."""
    figure = figure_of(f'<figure><img src="/boat.jpg" width="800" height="{size}"></figure>')

    assert figure.image is not None
    assert figure.image.src == "https://plain.example/boat.jpg"


def test_candidates_of_strange_digits_are_skipped() -> None:
    """A raised digit in a ``srcset`` is neither a size nor an error."""
    figure = figure_of('<figure><img srcset="/boat.jpg ²w, /boat-2.jpg 800w"></figure>')

    assert figure.image is not None
    assert figure.image.src == "https://plain.example/boat-2.jpg"


def test_an_article_that_is_a_picture_has_its_words() -> None:
    """A publishing system sets a picture, its caption and its credit in an article of their own."""
    figure = figure_of(
        '<article class="media media--type-image"><div class="field"><img src="/boat.jpg"></div>'
        '<div class="field-caption">A boat.</div><div class="field-credit">Ann Lee</div></article>'
    )

    assert figure.caption == "A boat."
    assert figure.credit == Credit(text="Ann Lee", photographer="Ann Lee")
