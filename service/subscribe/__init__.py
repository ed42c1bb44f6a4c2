"""Story 3: what others publish comes in by itself: feeds polled, hubs and publishers pushing.

Every item ends in ``ingest``: polled (poll.py), pushed by a hub (hub.py) or by a signed webhook
(inbox.py). An item and the note that it was seen are written in one transaction.
"""
