"""All that the readers of a page look at."""

from __future__ import annotations

from typing import NamedTuple

from service.extract.document import Document
from service.extract.metadata.linked_data import Item, LinkedData
from service.extract.metadata.microdata import Microdata


class Evidence(NamedTuple):
    """A page as its readers see it.

    ``article`` is the JSON-LD node that describes the page (empty where there is none),
    ``site_keys`` the names to know the site by, ``language`` the declared tag or empty.
    """

    document: Document
    data: LinkedData
    article: Item
    items: Microdata
    site_keys: frozenset[str] = frozenset()
    language: str = ""
