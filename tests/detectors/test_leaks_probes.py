"""The plan of active probes keeps to its budget and proves nothing without a baseline."""

from govcrawl.detectors.leaks.probes import BUDGET, RANGE, Answer, Probe, plan, proofs

HOME = "http://www.qingshan.gov.cn/index.html"
NOT_FOUND = b"<html><title>404 12</title><body>no such page</body></html>"


def test_a_plan_keeps_to_its_budget_and_its_host() -> None:
    probes = plan(HOME)
    assert len(probes) <= BUDGET
    assert len({(probe.method, probe.url) for probe in probes}) == len(probes)
    assert all(probe.url.startswith("http://www.qingshan.gov.cn/") for probe in probes)


def test_a_plan_only_looks() -> None:
    assert {probe.method for probe in plan(HOME)} == {"GET", "HEAD"}


def test_baselines_come_first() -> None:
    flags = [probe.baseline for probe in plan(HOME)]
    assert flags[0]
    assert flags == sorted(flags, reverse=True)


def test_no_body_of_a_dump_is_ever_asked_for() -> None:
    for probe in plan(HOME):
        if probe.url.endswith((".zip", ".rar", ".sql", ".gz", "heapdump", "wc.db")) and not probe.baseline:
            assert probe.method == "HEAD" or ("Range", RANGE) in probe.headers


def test_one_seed_gives_one_plan() -> None:
    assert plan(HOME, "a") == plan(HOME, "a")
    assert plan(HOME, "a") != plan(HOME, "b")


def test_a_soft_404_is_no_proof() -> None:
    random = Answer(Probe("GET", "http://a.test/8f3a", baseline=True), 200, NOT_FOUND)
    same = Answer(Probe("GET", "http://a.test/.env"), 200, NOT_FOUND.replace(b"12", b"77"))
    real = Answer(Probe("GET", "http://a.test/.git/HEAD"), 200, b"ref: refs/heads/master\n")
    assert proofs([random, same, real]) == (real,)


def test_without_a_baseline_nothing_is_proved() -> None:
    assert proofs([Answer(Probe("GET", "http://a.test/.git/HEAD"), 200, b"ref: refs/heads/master\n")]) == ()
