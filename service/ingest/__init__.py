"""Story 1: accept pages, and turn each into a stored article or a failure with its reason.

submit    the rows are durable before the answer
acquire   the page: fetched, or as it was sent
process   page -> parsers -> gate -> identity -> one transaction
store     the transaction
control   wait, cancel, retry, extract without storing
edit      annotate, delete
rules     site rules: found, tried on kept pages, followed to the other parts of a story
"""

from service.ingest.acquire import identity_of
from service.ingest.control import cancel, extract, retry, wait
from service.ingest.edit import METADATA_BYTES_MAX, annotate, delete, erase
from service.ingest.process import Progress, process
from service.ingest.settle import give_up, put_back, try_later
from service.ingest.submit import Receipt, Submission, hint, new_row, submit
from service.ingest.trials import Trial, try_rule

__all__ = [
    "METADATA_BYTES_MAX",
    "Progress",
    "Receipt",
    "Submission",
    "Trial",
    "annotate",
    "cancel",
    "delete",
    "erase",
    "extract",
    "give_up",
    "hint",
    "identity_of",
    "new_row",
    "process",
    "put_back",
    "retry",
    "submit",
    "try_later",
    "try_rule",
    "wait",
]
