"""What class names and the like say about an element: general words, never names of sites."""

from __future__ import annotations

import re
from enum import IntFlag
from functools import lru_cache


class Sign(IntFlag):
    """A purpose that the words of an element suggest."""

    NONE = 0
    SHARE = 1
    RELATED = 2
    NEWSLETTER = 4
    PROMO = 8
    COMMENT = 16
    NAV = 32
    FOOTER = 64
    BIO = 128
    TAGS = 256
    BYLINE = 512
    CAPTION = 1024
    CONSENT = 2048
    SIDE = 4096
    TOOL = 8192
    BODY = 16384
    QUOTE = 32768
    BOX = 65536
    HEAD = 131072
    PAYWALL = 262144
    FORM = 524288
    NOTE = 1 << 20
    LIVE = 1 << 21
    LABEL = 1 << 22
    LEAD = 1 << 23
    DIALOG = 1 << 24
    TIP = 1 << 25
    KEY = 1 << 26


_WORDS: dict[Sign, str] = {
    Sign.SHARE: "share shares sharing social socials follow follows addthis sharedaddy whatsapp "
    "facebook twitter pinterest linkedin a2a sharer sns",
    Sign.RELATED: "related recommend recommended recommendations recommendation readmore "
    "readnext more teaser teasers mostread popular trending recirc recirculation similar "
    "suggested suggestions suggestion outbrain taboola zergnet upnext next prev previous latest "
    "links linklist card cards teaserlist promolist reads seealso crosslink crosslinks "
    "linkbox continue discover morefrom moreon related-articles",
    Sign.NEWSLETTER: "newsletter newsletters subscribe subscription signup optin mailinglist "
    "mailchimp mc4wp subscribebox",
    Sign.PROMO: "promo promos promotion promoted ad ads advert adverts advertisement advertising "
    "advertorial sponsor sponsored sponsors banner banners cta dfp gpt adslot adunit adbox "
    "affiliate affiliates commercial shopping deal deals product products coupon donate donation "
    "werbung anzeige publicidad publicite reklama reklame annonce anuncio app",
    Sign.COMMENT: "comment comments disqus discussion respond reply replies commentlist "
    "livefyre kommentare kommentar comentarios commentaires feedback reviews",
    Sign.NAV: "nav navigation navbar menu menus breadcrumb breadcrumbs pagination pager paging "
    "submenu topbar subnav pagenav skip sitemap tabs navi",
    Sign.FOOTER: "footer foot copyright colophon disclaimer legal imprint bottom",
    Sign.BIO: "bio authorbox biography authorinfo aboutauthor profile vcard contributor-bio",
    Sign.TAGS: "tags tag taglist tagcloud topics topic keywords categories category cats",
    Sign.BYLINE: "byline author authors posted dateline date datetime timestamp published meta "
    "entrymeta postmeta publish updated time pubdate publication readtime writer contributor "
    "contributors credits signature autor datum",
    Sign.CAPTION: "caption captions credit figcaption photo image img picture gallery slideshow "
    "slider carousel thumbnail thumb media video player lightbox bildunterschrift",
    Sign.CONSENT: "cookie cookies consent gdpr onetrust privacy ccpa",
    Sign.SIDE: "sidebar aside rail rightrail widget widgets sidenav complementary secondary "
    "col-right rightcolumn rightcol leftcol tertiary",
    Sign.TOOL: "toolbar tools print printfriendly toggle audio listen speech tts bookmark "
    "save font accessibility actions action utility button buttons btn icons "
    "dropdown rating ratings vote votes poll survey quiz search",
    Sign.BODY: "articlebody entry-content storybody postbody body-content articletext "
    "article-body story-body post-content post-body article-content article__body",
    Sign.KEY: "keypoints takeaways keytakeaways highlights tldr bullets atglance",
    Sign.QUOTE: "pullquote pull-quote quote blockquote",
    Sign.BOX: "infobox factbox box callout sidebox fact facts inset admonition",
    Sign.HEAD: "headline title subtitle kicker header hed heading masthead",
    Sign.PAYWALL: "paywall regwall meter piano",
    Sign.FORM: "form input field",
    Sign.NOTE: "footnote footnotes references endnotes",
    Sign.LIVE: "liveblog live ticker livefeed",
    Sign.LABEL: "label badge hint section rubric eyebrow overline flag",
    Sign.DIALOG: "modal popup overlay dialog lightbox login signin register registration identity "
    "regwall account alertdialog drawer offcanvas",
    Sign.TIP: "tooltip tooltips popover hovercard rollover tippy infotip",
    Sign.LEAD: "lead lede standfirst dek deck intro summary excerpt abstract teasertext chapo "
    "description subheadline subhead subheading",
}
HINTS_CHARS_MAX = 400
HINTS_KNOWN_MAX = 8192
"""Pages of one site name their elements alike; usually 1 MB."""
_BY_WORD: dict[str, int] = {}
# Plain integers: operations on flags cost ten times as much.
for _sign, _words in _WORDS.items():
    for _word in _words.split():
        _BY_WORD[_word] = _BY_WORD.get(_word, 0) | int(_sign)
_PARTS: tuple[tuple[str, int], ...] = tuple(
    (part, int(sign))
    for part, sign in (
        ("related", Sign.RELATED),
        ("recommend", Sign.RELATED),
        ("readmore", Sign.RELATED),
        ("outbrain", Sign.RELATED),
        ("taboola", Sign.RELATED),
        ("teaser", Sign.RELATED),
        ("newsletter", Sign.NEWSLETTER),
        ("subscri", Sign.NEWSLETTER),
        ("share", Sign.SHARE),
        ("social", Sign.SHARE),
        ("comment", Sign.COMMENT),
        ("disqus", Sign.COMMENT),
        ("promo", Sign.PROMO),
        ("sponsor", Sign.PROMO),
        ("advert", Sign.PROMO),
        ("breadcrumb", Sign.NAV),
        ("sidebar", Sign.SIDE),
        ("cookie", Sign.CONSENT),
        ("caption", Sign.CAPTION),
        ("footnote", Sign.NOTE),
        ("pullquote", Sign.QUOTE),
        ("authorb", Sign.BIO),
        ("tooltip", Sign.TIP),
        ("overlay", Sign.DIALOG),
        ("password", Sign.DIALOG),
        ("registrat", Sign.DIALOG),
    )
)
"""Words that are found inside others where names are run together (``relatedArticles``)."""
_CAPTION = re.compile(
    r"(?<!has-)(?<!with-)(?<!no-)caption(?!s)|cutline|bildunterschrift|bildtext|billedtekst"
    r"|bildetekst|kuvateksti|pie-?de-?(?:foto|imagen)|fotobijschrift|didascalia"
)
_PARTING = bytes.maketrans(b"-_:/.[](){}0123456789,;", b" " * 23)

TAG_SIGNS: dict[str, int] = {
    "nav": int(Sign.NAV),
    "menu": int(Sign.NAV),
    "footer": int(Sign.FOOTER),
    "aside": int(Sign.SIDE),
    "form": int(Sign.FORM),
    "figcaption": int(Sign.CAPTION),
    "figure": int(Sign.CAPTION),
    "header": int(Sign.HEAD),
    "button": int(Sign.TOOL),
    "address": int(Sign.BYLINE),
}


@lru_cache(HINTS_KNOWN_MAX)
def read_signs(hints: str) -> int:
    """The signs (bits of ``Sign``) that the words of ``hints`` give.

    At most 400 characters are read; words with a colon are rules of style (``hover:underline``).
    """
    hints = hints[:HINTS_CHARS_MAX]
    if ":" in hints:
        hints = " ".join(word for word in hints.split() if ":" not in word)
    signs = 0
    parted = hints.encode("utf-8", "replace").translate(_PARTING)  # bytes: in a third of the time
    for word in parted.decode().split():
        signs |= _BY_WORD.get(word, 0)
    if not signs:
        for part, sign in _PARTS:
            if part in hints:
                signs |= sign
    return signs


@lru_cache(HINTS_KNOWN_MAX)
def says_caption(hints: str) -> bool:
    """Whether the words of an element say that it is the caption of a picture."""
    return _CAPTION.search(hints[:HINTS_CHARS_MAX]) is not None
