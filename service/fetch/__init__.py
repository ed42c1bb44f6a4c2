"""Fetching: the one door to the outside, guarded, polite and bounded.

``guard`` decides which addresses may be connected to, ``client`` gets bytes through it,
``hosts`` and ``robots`` keep us welcome. Pages, feeds, hubs and webhooks all go this way.
"""
