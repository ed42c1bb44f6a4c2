"""Which page a URL names: the key under which two spellings of one address are one article.

The rules drop what does not choose the page (scheme, default port, ``www``, mobile and AMP
variants, tracking parameters, fragments) and keep what may (``?id=7``, path, case of the path). A
rule that would merge two pages is worse than one that leaves a double, so an unknown parameter
stays. A key is compared, stored and shown to nobody: it is not a URL.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import cache, lru_cache
from urllib.parse import quote, unquote_to_bytes

import ada_url
from publicsuffixlist import PublicSuffixList

from service.errors import InvalidRequest

KEY_CHARS_MAX = 900
KEY_CHARS_KEPT = 800

# Labels before the registrable domain that choose a layout, not a page.
VARIANT_LABELS = frozenset({"www", "www2", "m", "mobile", "mobil", "amp", "wap", "touch"})

# Names of parameters that say where a reader came from. Families end in ``*``. Sources: the
# documentation of the analytics and advertising products that add them, and the public lists of
# ClearURLs, Firefox and Brave (compared 2026-11). ``id``, ``p``, ``cid``, ``sid``, ``source`` and
# ``page`` choose the page on too many sites to be listed.
TRACKING = """
utm_* ga_* pk_* piwik_* mtm_* matomo_* hsa_* fb_* ns_* guce_* at_* vero_* oly_* soc_* mkt_* __hs*
wt_* wt.* bsft_* aspsessionid*
fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid ysclid twclid ttclid igshid igsh li_fat_id
srsltid epik irclickid cjevent zanpid s_kwcid ef_id _openstat openstat yandex_referrer
_ga _gl _ke _kx _hsenc _hsmi hsctatracking mc_cid mc_eid ml_subscriber ml_subscriber_hash
trk trkcampaign trk_contact trk_msg trk_module trk_sid s_cid ncid cmpid cmp cmp_id
campaign campaign_id campaignid xtor xts xtref ocid cvid icid intcid int_cid intcmp ito mbid
smid smtyp smprod sc_cid sc_cmp sc_campaign sc_channel sc_src sref spm scm scm_id
share shared share_id sharesource sharing_id ref referer referrer ref_src ref_source ref_url refsrc
rss rsscode source_rss traffic_source guccounter tpcc taid dgcid __twitter_impression __tn__
__xts__ wickedid rb_clickid ck_subscriber_id dm_i et_cid et_rid elqtrack elqtrackid
sb_referer_host phpsessid jsessionid cfid cftoken
""".split()  # noqa: SIM905  # a table to read, not code
_NAMES = frozenset(name for name in TRACKING if not name.endswith("*"))
_FAMILIES = tuple(name[:-1] for name in TRACKING if name.endswith("*"))

# Parameters that ask for another dress of the same page, by their values.
_YES = frozenset({"", "1", "true", "yes"})
VARIANT_PARAMETERS = {
    "amp": _YES | {"amp"},
    "outputtype": {"amp"},
    "view": {"amp", "print"},
    "mode": {"amp"},
    "print": _YES,
}

# What the WHATWG serializer writes for http and https: a path always, and no other "@" before it.
_PARTS = re.compile(
    r"https?://(?:[^/?#@]*@)?(\[[^\]]*\]|[^/:?#]*)(?::(\d+))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?"
)
# What the parser would spell as it is: lower-case names that end in letters, no port, no escapes
# and no segment with a dot before it in the path.
_PLAIN = re.compile(
    r"https?://(?!(?:[^/]*[.])?xn--)((?:[a-z0-9][a-z0-9-]*[.])+[a-z]{2,})()((?:/(?![.])[\w.~-]*)+)"
    r"(?:[?]([\w.~=&%+,:;/@-]*))?(?:#([\w.~=&%+,:;/@!-]*))?",
    re.ASCII,
)
_AMP_VIEWER = re.compile(r"/(?:amp|[cv])/(?:s/)?(?=[a-z0-9-]{1,63}\.)", re.IGNORECASE)
_AMP_PATH = re.compile(r"(?:/amp(?:\.html?)?|\.amp)(?=$)|\.amp(?=\.html?$)|(?<=\w)-amp(?=\.html?$)")
_AMP_FIRST = re.compile(r"^/amp(?=/[^/])")
_INDEX = re.compile(r"/(?:index|default)\.(?:s?html?|php\d?|aspx?|jsp|cfm)$", re.IGNORECASE)
_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/;]*", re.IGNORECASE)
_SLASHES = re.compile(r"/{2,}")
_SAME = re.compile(r"[A-Za-z0-9._~-]*\Z")
# A path that the rules below leave as it is, but for the slash at its end.
_PLAIN_PATH = re.compile(r"((?:/(?!amp(?:/|$))[A-Za-z0-9_~-]+)+)/?")


def identity_key(url: str) -> str:
    """The key of the page that ``url`` names, at most 900 characters.

    ``https://www.Example.com:443/a/index.html?utm_source=x&id=7#top`` and
    ``http://m.example.com/a/?id=7`` -> ``example.com/a?id=7``. Parameters are sorted by name, those
    of one name keep their order. Raises ``InvalidRequest`` for what is no http(s) URL.
    """
    host, port, path, query, fragment = _parts(url)
    if (inner := _inside_amp_viewer(host, path)) is not None:
        return identity_key(f"https://{inner}?{query}")
    key = _host(host) + (f":{port}" if port not in {"", "80", "443"} else "")
    key += _path(path) + _query(query) + (f"#{fragment}" if fragment.startswith("!") else "")
    return key if len(key) <= KEY_CHARS_MAX else _shortened(key)


def site_domain(url: str) -> str:
    """The registrable domain of ``url``'s host: what its publisher registered.

    ``https://www.news.example.co.uk/a`` -> ``example.co.uk``; ``https://x.blogspot.com`` is a site
    of its own. An address or a name without a public suffix is its own site.
    """
    return _registrable(_parts(url)[0].rstrip("."))


def _parts(url: str) -> tuple[str, ...]:
    """Host, port, path, query and fragment of ``url`` in the parser's spelling, without the marks
    between them; the port is empty where it is the scheme's. To ask the parser for each of them
    costs 1 to 2 us (all five 8 us more than its one whole spelling and a pattern), and to ask it
    at all is half of a key: most addresses are spelled so already."""
    found = _PLAIN.fullmatch(url) or _PARTS.fullmatch(_spelled(url))
    if found is None:
        raise InvalidRequest("not an absolute http or https URL")
    return found.groups("")


def _spelled(url: str) -> str:
    """The parser's spelling of ``url``; empty for what is none."""
    try:
        return ada_url.URL(url.strip()).href
    except ValueError:
        return ""


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()  # 40 ms, once


@lru_cache(maxsize=8_192)
def _registrable(host: str) -> str:
    if host.startswith("[") or host.replace(".", "").isdigit():
        return host
    return _suffixes().privatesuffix(host) or host


@lru_cache(maxsize=8_192)
def _host(host: str) -> str:
    """The host without the labels that choose a layout: ``en.m.example.org`` -> ``en.example.org``.

    The registrable domain itself stays whole, so ``m.com`` stays ``m.com``.
    """
    host = host.rstrip(".")
    domain = _registrable(host)
    labels = host[: -len(domain)].split(".")[:-1] if host != domain else []
    return ".".join([label for label in labels if label not in VARIANT_LABELS] + [domain])


def _inside_amp_viewer(host: str, path: str) -> str | None:
    """The address that a public AMP cache or viewer shows, or None."""
    is_viewer = host.endswith(".cdn.ampproject.org") or (
        host.startswith("www.google.") and path.startswith("/amp/")
    )
    match = _AMP_VIEWER.match(path) if is_viewer else None
    return path[match.end() :] if match else None


def _path(path: str) -> str:
    if plain := _PLAIN_PATH.fullmatch(path):
        return plain[1]
    segments = _SESSION.sub("", path).split("/")
    path = _SLASHES.sub("/", "/".join(map(_same_escapes, segments)))
    path = _AMP_FIRST.sub("", path).rstrip("/")
    path = _AMP_PATH.sub("", path, count=1)
    return _INDEX.sub("", path).rstrip("/") or "/"


def _query(query: str) -> str:
    if not query:
        return ""
    pairs = (part.partition("=")[::2] for part in query.split("&") if part)
    kept = sorted(
        ((name, value) for name, value in pairs if not _is_noise(name.lower(), value)),
        key=lambda pair: pair[0],
    )
    if not kept:
        return ""
    return "?" + "&".join(
        _same_value(name) + (f"={_same_value(value)}" if value else "") for name, value in kept
    )


def _is_noise(name: str, value: str) -> bool:
    if name in _NAMES or name.startswith(_FAMILIES):
        return True
    return value.lower() in VARIANT_PARAMETERS.get(name, ())


def _same_value(text: str) -> str:
    return _same_escapes(text.replace("+", " "), "/:,")


def _same_escapes(text: str, safe: str = "+:,") -> str:
    """One spelling for each way to write a character: ``%7e`` is ``~``, é is one character."""
    if _SAME.match(text):
        return text
    raw = unquote_to_bytes(text)
    try:
        return quote(unicodedata.normalize("NFC", raw.decode()), safe=safe)
    except UnicodeDecodeError:
        return quote(raw, safe=safe)


def _shortened(key: str) -> str:
    digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{key[:KEY_CHARS_KEPT]}#{digest}"
