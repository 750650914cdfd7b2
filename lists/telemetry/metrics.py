"""What Prometheus reads at `/metrics`. Imported only where `METRICS` is on.

Several processes share a folder of files (`PROMETHEUS_MULTIPROC_DIR`, which the server sets before any of them
starts); whichever is asked adds them up: https://prometheus.github.io/client_python/multiprocess/. Labels are
names of routes, operations and outcomes, never an id or a person.
"""

import platform
import threading
from collections.abc import Callable, Mapping

import django
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from prometheus_client.values import MutexValue, ValueClass

from ..connection import Load, load
from ..plusofon.calls import Call
from .observing import Answered, Observation, Wait, Write

NAME = "plusofon_admin"
METHODS = {"GET", "HEAD", "POST"}  # any other is what a stranger made up
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 60.0)
SAMPLED_EVERY = 2.0  # seconds

_own = CollectorRegistry()
_requests = Histogram(
    f"{NAME}_request_seconds",
    "Requests to the end of their answer",
    ["route", "method", "status"],
    buckets=BUCKETS,
    registry=_own,
)
_calls = Histogram(
    f"{NAME}_upstream_seconds",
    "Calls to Plusofon, all tries of each together",
    ["operation", "outcome"],
    buckets=BUCKETS,
    registry=_own,
)
_retries = Counter(f"{NAME}_upstream_retries", "Tries beyond the first", registry=_own)
_waits = Histogram(
    f"{NAME}_permit_wait_seconds", "Waits for a permit", buckets=BUCKETS, registry=_own
)
_writes = Counter(f"{NAME}_writes", "Outcomes that writes came to", ["outcome"], registry=_own)
_load = {
    name: Gauge(f"{NAME}_{name}", words, multiprocess_mode="livesum", registry=_own)
    for name, words in {
        "permits_in_use": "Calls to Plusofon under way",
        "permits_waiting": "Calls that wait for a permit",
        "circuits_open": "Accounts whose calls are not tried, as Plusofon answers nothing",
    }.items()
}


def record(what: Observation) -> None:
    match what:
        case Answered(route, method, status, seconds):
            kind = method if method in METHODS else "other"
            _requests.labels(route or "none", kind, f"{status // 100}xx").observe(seconds)
        case Call(operation, outcome, seconds, tries):
            _calls.labels(operation, outcome).observe(seconds)
            if tries > 1:
                _retries.inc(tries - 1)
        case Wait(seconds):
            _waits.observe(seconds)
        case Write(outcome):
            _writes.labels(outcome).inc()


def sample(now: Load) -> None:
    """Note how busy this process is just now."""
    _load["permits_in_use"].set(now.permits_in_use)
    _load["permits_waiting"].set(now.waiting)
    _load["circuits_open"].set(now.open_circuits)


def keep_sampling() -> None:
    """As long as the process lives: whoever is asked for the metrics knows only its own state."""

    def run() -> None:
        while True:
            sample(load())
            threading.Event().wait(SAMPLED_EVERY)

    threading.Thread(target=run, name="metrics", daemon=True).start()


class Counted(Collector):
    """What is counted in the database as somebody asks. `read`: values by metric and label."""

    def __init__(self, version: str, read: Callable[[], Mapping[str, Mapping[str, int]]]) -> None:
        self._version, self._read = version, read

    def collect(self) -> list[GaugeMetricFamily | InfoMetricFamily]:
        versions = {
            "version": self._version,
            "python": platform.python_version(),
            "django": django.get_version(),
        }
        build = InfoMetricFamily(f"{NAME}_build", "What is running", value=versions)
        return [build, *(self._gauge(name, found) for name, found in self._read().items())]

    def _gauge(self, name: str, found: Mapping[str, int]) -> GaugeMetricFamily:
        gauge = GaugeMetricFamily(f"{NAME}_{name}", name.replace("_", " "), labels=["kind"])
        for kind, count in found.items():
            gauge.add_metric([kind], count)
        return gauge


def exposition(*, version: str, read: Callable[[], Mapping[str, Mapping[str, int]]]) -> bytes:
    """All of it, in Prometheus' text format: of all processes, and what `read` counts."""
    sample(load())
    registry = CollectorRegistry()
    registry.register(Counted(version, read))
    if ValueClass is MutexValue:  # one process
        return generate_latest(registry) + generate_latest(_own)
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)
