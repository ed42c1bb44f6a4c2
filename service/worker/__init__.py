"""The worker: claim -> work -> settle, in lanes that do not wait for each other.

outcome   what an error means for the ingestion: a pure function
lane      what a lane of work must be able to do
articles  the lane of ingestions
dispatch  hints and turns -> claims -> tasks; leases; drain
"""

from service.worker.articles import IngestionLane
from service.worker.lane import Lane
from service.worker.run import run_worker, worker_name

__all__ = ["IngestionLane", "Lane", "run_worker", "worker_name"]
