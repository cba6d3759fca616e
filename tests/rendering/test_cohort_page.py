"""The page on a cohort: all that the report says, harmless, self-contained, and readable in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest
from axe_playwright_python.sync_playwright import Axe
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser

from tests.rendering.browser import chromium
from tests.support import ROOT, shipped
from vhkg.model.answer import Status
from vhkg.model.cohort import (
    COHORT_SCHEMA_VERSION,
    OUTCOMES,
    Age,
    Asked,
    CodeCount,
    CohortReport,
    Count,
    EntryCount,
    Fault,
    Refused,
    StatusCount,
)
from vhkg.model.source_report import Fate
from vhkg.rendering.cohort_page import render_cohort_page
from vhkg.rendering.cohort_page_bars import SOLID, nested, stacked
from vhkg.rendering.cohort_page_flow import Leaving, flow

SEEN = ROOT / "build" / "cohort-page"
MARKUP = '<script>alert(1)</script><img src=x onerror="y">&amp;\u202e\'"'
VOID = {"meta"}


def cohort(scale: int = 1000, **changes: object) -> CohortReport:
    """A cohort of 9 times `scale` patients in which everything occurs."""
    content, document = shipped().content, shipped().document(())
    counts = dict(zip(OUTCOMES, (scale // 10, scale // 20, 2 * scale, 3 * scale, 4 * scale), strict=True))
    whole = sum(counts.values())
    report = CohortReport(
        schema_version=COHORT_SCHEMA_VERSION,
        knowledge=document.knowledge,
        disclaimer=document.disclaimer,
        inputs=("export/ward-1.nt", "export/ward-2.nt"),
        patients=whole - scale // 50,
        presentations=whole,
        attrition=(
            Count(name="read", patients=whole - scale // 50, presentations=whole),
            Count(name="refused", patients=scale // 100, presentations=None),
            *(
                Count(name=name, patients=count - (scale // 50 if name == "decided" else 0), presentations=count)
                for name, count in counts.items()
            ),
        ),
        set_aside=Count(name="conflict", patients=scale // 15, presentations=scale // 14),
        ask=tuple(
            Asked(
                finding=finding.name,
                label=finding.label,
                question=finding.question or finding.label,
                presentations=3 * scale - 120 * place * scale // 1000,
                decides=2 * scale - 100 * place * scale // 1000,
                opens=scale // (1 + place),
                answers=9 * scale // (1 + place),
            )
            for place, finding in enumerate([f for f in content.findings.values() if f.question][:9])
        ),
        recommendations=tuple(
            StatusCount(
                recommendation=known.name,
                label=known.label,
                line=known.line,
                direction=known.direction,
                statuses={
                    (Status.APPLIES if known.direction == "for" else Status.ADVISED_AGAINST).value: known.order
                    * scale
                    // 9,
                    Status.PROVISIONAL.value: scale // 2,
                    Status.UNDETERMINED.value: 3 * scale,
                    Status.DOES_NOT_APPLY.value: whole - counts["invalid"] - known.order * scale // 9 - 7 * scale // 2,
                },
                rest_on_reading=scale // known.order,
            )
            for known in content.recommendations
        ),
        ages=tuple(
            Age(days_from=low, days_to=high, answers=count * scale, in_force=count * scale // 3)
            for low, high, count in (
                (0, 7, 9),
                (8, 30, 14),
                (31, 90, 21),
                (91, 365, 8),
                (366, None, 2),
                (None, None, 5),
            )
        ),
        stale_after_days=90,
        entries=tuple(EntryCount(fate=fate, entries=7 * scale + at) for at, fate in enumerate(Fate)),
        unmapped=(CodeCount(code="http://example.org/codes|A1", entries=scale, files=2),),
        unmapped_codes=3,
        refused=2,
        refused_unnamed=1,
        refusals=(
            Refused(file="export/ward-2.nt", patient="p77", message="line 12 has no subject; correct it"),
            Refused(file="export/ward-2.nt", patient="", message="line 19 is no triple; correct it"),
        ),
        faults=(
            Fault(message="An assessment needs one status.", severity="Violation", patients=scale // 10, results=scale),
        ),
        readings={name: reading.default for name, reading in content.readings.items()},
    )
    return msgspec.structs.replace(report, **changes)


def page(report: CohortReport) -> str:
    return render_cohort_page(report, shipped().content)


class Read(HTMLParser):
    """The text of a page, its elements, and whether each that is opened is closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open[-1:] != ["style"]:
            self.texts.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.texts).replace("\u00ad", ""))


def hostile() -> CohortReport:
    report = cohort()
    knowledge = msgspec.structs.replace(report.knowledge, source=MARKUP, review_status=MARKUP, version=MARKUP)
    return msgspec.structs.replace(
        report,
        knowledge=knowledge,
        disclaimer=MARKUP,
        inputs=(MARKUP, "a\udcff.nt"),
        ask=tuple(msgspec.structs.replace(each, label=MARKUP, question=f"{MARKUP}?") for each in report.ask),
        recommendations=tuple(
            msgspec.structs.replace(each, label=MARKUP, line=MARKUP) for each in report.recommendations
        ),
        unmapped=(CodeCount(code=MARKUP, entries=1, files=1),),
        refusals=(Refused(file=MARKUP, patient=MARKUP, message=MARKUP),),
        faults=(Fault(message=MARKUP, severity=MARKUP, patients=1, results=1),),
        readings={MARKUP: MARKUP},
    )


def test_every_value_is_text_and_nothing_else() -> None:
    html = page(hostile())
    read = Read(html)
    assert not {"script", "img", "a", "link", "iframe", "object", "base", "form"} & set(read.tags)
    assert not [name for name, _ in read.attributes if name.startswith("on")]
    assert read.tags.count("td") == Read(page(msgspec.structs.replace(hostile(), refusals=()))).tags.count("td") + 2
    assert "\u202e" not in html
    shown = MARKUP.replace("\u202e", "\\u202e")
    assert read.text.count(shown) > 30
    assert "a\\udcff.nt" in read.text
    html.encode()


@settings(max_examples=20, deadline=None)
@given(st.text())
def test_any_text_is_shown_and_none_is_markup(value: str) -> None:
    calm = page(cohort(10, refusals=(Refused(file="x", patient="y", message="z"),)))
    wild = page(cohort(10, refusals=(Refused(file=value, patient="y", message=value),)))
    assert Read(wild).tags == Read(calm).tags
    wild.encode()


def test_nothing_comes_from_elsewhere() -> None:
    html = page(cohort())
    read = Read(html)
    assert not [value for name, value in read.attributes if name in ("src", "href", "xlink:href", "data", "action")]
    assert set(re.findall(r"url\(([^)]*)\)", html)) <= {"#hatched", "#dotted", "#crossed"}
    assert "@import" not in html
    assert ("content", "default-src 'none'; style-src 'unsafe-inline'") in read.attributes


def test_what_it_rests_on_stands_on_the_page() -> None:
    report = cohort()
    text = Read(page(report)).text
    knowledge = report.knowledge
    for value in (
        knowledge.version, knowledge.digest, knowledge.review_status, report.disclaimer, knowledge.software,
        knowledge.source, *report.inputs,
    ):  # fmt: skip
        assert value in text


def test_every_number_of_the_report_stands_on_the_page() -> None:
    report = cohort(12347)
    text = Read(page(report)).text
    numbers = [
        *(each.patients for each in report.attrition),
        *(each.presentations for each in report.attrition if each.presentations is not None),
        *(n for each in report.ask for n in (each.presentations, each.decides, each.opens, each.answers)),
        *(n for each in report.recommendations for n in (*each.statuses.values(), each.rest_on_reading)),
        *(n for each in report.ages for n in (each.answers, each.in_force, each.answers - each.in_force)),
        *(each.entries for each in report.entries),
        *(n for each in report.unmapped for n in (each.entries, each.files)),
        *(n for each in report.faults for n in (each.patients, each.results)),
    ]
    assert not {f"{each:,}" for each in numbers} - set(re.findall(r"[\d,]+", text))
    for label in (*(each.label for each in report.ask), *(each.label for each in report.recommendations)):
        assert label in text


def test_one_is_said_in_the_singular_and_none_as_none() -> None:
    report = cohort()
    one = Count(name="", patients=1, presentations=1)
    small = msgspec.structs.replace(
        report,
        patients=1,
        presentations=1,
        attrition=tuple(
            msgspec.structs.replace(one, name=each.name)
            if each.name in ("read", "decided")
            else Count(name=each.name, patients=0, presentations=0)
            for each in report.attrition
        ),
        set_aside=one,
        refused=1,
        refused_unnamed=0,
        unmapped_codes=1,
        ages=(Age(days_from=0, days_to=1, answers=1, in_force=1),),
        entries=(EntryCount(fate=Fate.READ, entries=1),),
        stale_after_days=1,
    )
    text = Read(page(small)).text
    assert "What one article says for 1 patient " in text
    assert "Of 1 presentation, a treatment can be read from the article for 1 (100%). " in text
    assert "In 1 presentation of 1 patient some facts conflict" in text
    for said in ("1 settled answer,", "1 record or entry.", "1 code.", "0 to 1 day ", "1 entry,"):
        assert said in text
    assert not re.search(r"(?<![\d,])1 (patients|presentations|codes|records|days|answers)\b", text)


def test_nothing_was_read() -> None:
    nothing = Count(name="conflict", patients=0, presentations=0)
    empty = cohort(
        patients=0,
        presentations=0,
        attrition=tuple(Count(name=name, patients=0, presentations=0) for name in ("read", "refused", *OUTCOMES)),
        set_aside=nothing,
        inputs=(),
        ask=(),
        recommendations=(),
        ages=(),
        entries=(),
        unmapped=(),
        faults=(),
        refused=0,
        refusals=(),
        readings={},
    )
    text = Read(page(empty)).text
    assert "What one article says for no patient" in text
    for said in (
        "No patient could be read.",
        "No recommendation is open",
        "No answer is settled.",
        "There was no entry.",
        "Nothing was refused.",
    ):
        assert said in text


def test_what_is_left_out_is_said() -> None:
    report = cohort(inputs=tuple(f"{place}.nt" for place in range(14)), refused=40)
    text = Read(page(report)).text
    assert "9.nt and 4 more" in text
    assert "38 more refusals in the table refused ." in text
    assert "2 more codes in the table unmapped ." in text


def test_a_reading_that_is_not_the_default_is_marked() -> None:
    reading = next(iter(shipped().content.readings.values()))
    other = next(option for option in reading.alternatives if option.name != reading.default)
    assert "not the default" not in Read(page(cohort())).text
    text = Read(page(cohort(readings={reading.name: other.name}))).text
    assert f"{other.label} not the default" in text


@settings(deadline=None)
@given(counts=st.lists(st.integers(0, 10**7), min_size=5, max_size=5))
def test_the_flow_keeps_what_it_is_given(counts: list[int]) -> None:
    """The trunk that goes on is as wide as what is left, to a tenth of a unit; nothing is drawn outside."""
    whole = sum(counts)
    drawn = flow("x", "patient", whole, [Leaving(str(place), count) for place, count in enumerate(counts)])
    widths = [float(each) for each in re.findall(r'class="go"[^>]* width="([\d.]+)"', drawn)]
    left = [whole - sum(counts[:place]) for place in range(len(counts))]
    assert widths == pytest.approx([132 * each / max(whole, 1) for each in left], abs=0.051)
    assert drawn.count('class="leave"') == sum(1 for count in counts[:-1] if count)
    height = float(re.findall(r'viewBox="0 0 360 (\d+)"', drawn)[0])
    ends = [float(y) + float(h) for y, h in re.findall(r' y="([\d.]+)" width="[\d.]+" height="([\d.]+)"', drawn)]
    assert max(ends) <= height
    for place, count in enumerate(counts):
        assert f"{place}: {f'{count:,}' if count else 'no'} patient" in drawn


@settings(deadline=None)
@given(counts=st.lists(st.integers(0, 10**6), min_size=1, max_size=5), more=st.integers(0, 10**6))
def test_bars_are_in_proportion(counts: list[int], more: int) -> None:
    whole = sum(counts) + more
    places = re.findall(
        r'<rect class="edge" x="([\d.]+)%" width="([\d.]+)%"', stacked([(SOLID, n) for n in counts], whole)
    )
    shown = [count for count in counts if count]
    assert [float(width) for _, width in places] == pytest.approx([100 * n / whole for n in shown], abs=0.001)
    starts = [sum(shown[:place]) for place in range(len(shown))]
    assert [float(x) for x, _ in places] == pytest.approx([100 * n / whole for n in starts], abs=0.001)
    inner = re.findall(r'<rect class="edge" x="0.000%" width="([\d.]+)%"', nested([(SOLID, n) for n in counts], whole))
    assert len(inner) == len(shown)


# --- in a browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("which", ["cohort", "hostile"])
def test_it_opens_from_disk_offline_without_a_script(which: str, width: int, scheme: str, browser: Browser) -> None:
    """The screenshots are kept in build/cohort-page/, to be looked at."""
    SEEN.mkdir(parents=True, exist_ok=True)
    file = SEEN / f"{which}.html"
    file.write_text(page(cohort() if which == "cohort" else hostile()), encoding="utf-8")
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
        offline=True,
        java_script_enabled=False,
    )
    asked: list[str] = []
    said: list[str] = []
    opened = context.new_page()
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("console", lambda message: said.append(message.text))
    opened.goto(file.as_uri())
    opened.screenshot(path=SEEN / f"{which}-{width}-{scheme}.png", full_page=True)
    assert asked == [file.as_uri()]
    assert not said
    if which == "cohort":
        assert opened.get_by_role("heading", level=1).inner_text() == "What one article says for 9,130 patients"
        assert opened.get_by_role("img").count() == 2
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("which", ["cohort", "hostile"])
def test_axe_finds_nothing_and_nothing_is_cut_off(
    which: str, width: int, scheme: str, browser: Browser, tmp_path: Path
) -> None:
    html = page(cohort() if which == "cohort" else hostile())
    found = checked(html, width, scheme, browser, tmp_path)
    assert found == ([], width)


def test_axe_would_find_faults(browser: Browser, tmp_path: Path) -> None:
    html = page(cohort()).replace("--quiet:#565e68", "--quiet:#b9bec6").replace(' lang="en"', "")
    faults, _ = checked(html, 1280, "light", browser, tmp_path)
    assert {"color-contrast", "html-has-lang"} <= set(faults)


def checked(html: str, width: int, scheme: str, browser: Browser, folder: Path) -> tuple[list[str], int]:
    """The rules of axe that the page breaks, and how wide it is."""
    file = folder / "page.html"
    file.write_text(html, encoding="utf-8")
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme="dark" if scheme == "dark" else "light", offline=True
    )
    opened = context.new_page()
    opened.goto(file.as_uri())
    results = Axe().run(opened)
    assert len(results.response["passes"]) > 20
    wide = int(opened.evaluate("document.documentElement.scrollWidth"))
    context.close()
    return [each["id"] for each in results.response["violations"]], wide


def test_rows_that_are_laid_out_as_grids_are_still_rows(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text(page(cohort()), encoding="utf-8")
    context = browser.new_context(viewport={"width": 390, "height": 900}, offline=True)
    opened = context.new_page()
    opened.goto(file.as_uri())
    table = opened.get_by_role("table", name=re.compile("by the finding that is missing"))
    assert table.get_by_role("columnheader").count() == 6
    first = cohort().ask[0]
    row = table.get_by_role("row", name=re.compile(re.escape(first.label))).first
    assert row.get_by_role("cell").nth(1).inner_text() == f"{first.presentations:,}"
    context.close()
