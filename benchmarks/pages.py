"""Pages of the service: `python -m benchmarks.pages [--rounds N]`. Needs Chromium.

In process: from a request to the last byte of each page, warm, and the first time. In a browser: from a click on a
fact of the Patient page to the frame in which the answer stands, with the share of the request in it. Beside each, the
same of a page that only says who we are, since machines drift. The median and the greatest of the rounds.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from starlette.testclient import TestClient

from tests.rendering.browser import chromium
from tests.server.conftest import started, stopped
from vhkg import load
from vhkg.answering.knowledge import Knowledge
from vhkg.server.app import create_app
from vhkg.server.service import Service, Settings

_CLICK = """name => new Promise(done => {
  const answer = document.querySelector(".patient");
  const start = performance.now();
  let answered = 0;
  const watch = new MutationObserver(() => {
    if (answer.getAttribute("aria-busy") !== "false") return;
    watch.disconnect();
    answered = performance.now();
    requestAnimationFrame(() => setTimeout(() => {
      const sent = performance.getEntriesByType("resource").filter(each => each.startTime >= start).pop();
      done([performance.now() - start, sent ? sent.responseEnd - start : 0]);
    }));
  });
  watch.observe(answer, {attributes: true, attributeFilter: ["aria-busy"]});
  document.querySelector(`input[name="f.${name}"]:not(:checked)`).click();
})"""


def addresses(knowledge: Knowledge) -> Iterator[str]:
    content = knowledge.content
    yield from ("/about", "/", "/article", "/terms", "/queries", "/validate", "/sparql", "/cds-services")
    yield f"/article/{next(iter(content.statements))}"
    yield f"/terms/{next(iter(content.findings))}"
    yield f"/terms/{content.recommendations[0].name}.ttl"


def in_process(rounds: int) -> None:
    knowledge = load()
    service = Service(knowledge, Settings(hosts=("testserver",)))
    print(f"{'in process, ms':<52}{'first':>8}{'median':>8}{'most':>8}")
    with TestClient(create_app(service)) as client:
        for path in addresses(knowledge):
            times = [_timed(client, path) for _ in range(rounds + 1)]
            print(f"{path:<52}{times[0]:>8.1f}{statistics.median(times[1:]):>8.1f}{max(times[1:]):>8.1f}")


def _timed(client: TestClient, path: str) -> float:
    start = time.perf_counter()
    found = client.get(path, headers={"accept": "text/html, text/turtle;q=0.5, */*;q=0.1"})
    assert found.status_code == 200, path
    return (time.perf_counter() - start) * 1000


def in_browser(rounds: int) -> None:
    knowledge = load()
    names = [each.name for each in knowledge.content.findings.values() if each.question]
    live = started(Path(tempfile.mkdtemp()))
    try:
        with chromium() as browser:
            for width, height in ((1280, 900), (390, 844)):
                page = browser.new_context(viewport={"width": width, "height": height}).new_page()
                page.goto(live.base + "/")
                page.wait_for_load_state("networkidle")
                found = []
                for turn in range(rounds + 3):
                    page.wait_for_timeout(150)
                    found.append(page.evaluate(_CLICK, names[turn % len(names)]))
                whole, sent = zip(*found[3:], strict=True)
                label = f"a click at {width} px, to the frame that shows it, ms"
                print(f"{label:<60}{statistics.median(whole):>8.1f}{max(whole):>8.1f}")
                print(f"{'  of it the request':<60}{statistics.median(sent):>8.1f}{max(sent):>8.1f}")
    finally:
        stopped(live)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=40)
    rounds = parser.parse_args().rounds
    in_process(rounds)
    print()
    in_browser(rounds)


if __name__ == "__main__":
    main()
