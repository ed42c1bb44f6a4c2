"""What a worker counts by site stays small."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter

from service.worker.metrics import NO_SITE, OTHER, Busiest


def a_counter() -> Counter:
    return Counter("ended", "As in the worker.", ["site", "outcome"], registry=CollectorRegistry())


def sites_of(counter: Counter) -> set[str]:
    return {sample.labels["site"] for metric in counter.collect() for sample in metric.samples}


def test_sites_are_named_by_their_registrable_domain():
    """Hosts of one site share a name; a page without a usable address has none."""
    busiest = Busiest(a_counter())

    named = [busiest.label(url) for url in ("https://www.a.example/x", "http://m.a.example/y")]

    assert named == ["a.example", "a.example"]
    assert [busiest.label(None), busiest.label("mailto:x@a.example")] == [NO_SITE, NO_SITE]


def test_many_sites_are_a_few_series():
    """However many sites come, the busiest have names and the rest is one."""
    counter = a_counter()
    busiest = Busiest(counter, 3)
    urls = [f"https://busy{n}.example/{page}" for page in range(9) for n in range(3)]

    for url in [*urls, *(f"https://rare{n}.example/" for n in range(1_000))]:
        counter.labels(busiest.label(url), "created").inc()

    assert sites_of(counter) == {"busy0.example", "busy1.example", "busy2.example", OTHER}


def test_a_site_that_becomes_busy_gets_a_name():
    """One that is twice as busy as the least busy takes its place, whose series end."""
    counter = a_counter()
    busiest = Busiest(counter, 1)

    for site in ["early"] * 2 + ["late"] * 4:
        counter.labels(busiest.label(f"https://{site}.example/"), "created").inc()

    assert sites_of(counter) == {"late.example", OTHER}
