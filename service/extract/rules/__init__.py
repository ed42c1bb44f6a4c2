"""Site rules: what a site's own publisher or its readers say about its pages, as data.

text      the ftr-site-config format -> ``Rule``
apply     a ``Rule`` and a page -> its story, and the texts of headline, authors and date
describe  those texts -> fields of the article, with ``rule`` as their provenance
"""

from __future__ import annotations

from service.extract.rules.text import Rule, RuleFault, RuleTest, read_rule

__all__ = ["Rule", "RuleFault", "RuleTest", "read_rule"]
