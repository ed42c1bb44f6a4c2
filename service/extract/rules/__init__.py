"""Site rules: what a site's own publisher or its readers say about its pages, as data.

text    the ftr-site-config format -> ``Rule``
apply   a ``Rule`` and a page -> its story, headline, authors, date and the links to its other parts
"""

from __future__ import annotations

from service.extract.rules.apply import Ruled, apply, links_of
from service.extract.rules.text import Rule, RuleFault, read_rule

__all__ = ["Rule", "RuleFault", "Ruled", "apply", "links_of", "read_rule"]
