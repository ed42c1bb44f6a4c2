"""Story 3: what others publish is ingested: feeds are polled, hubs and publishers push.

Every item ends in ``ingest``: polled (poll.py), pushed by a hub (hub.py) or by a signed webhook
(inbox.py). An item and the record that it was seen are written in one transaction.
"""
