"""What visitors do, in a real browser against a real server: levers, addresses, keyboard, phone, downloads, axe."""

from __future__ import annotations

import json
import re
from pathlib import Path

import browser as real
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

FEW = "draws=24"
OPENING = f"/us-mexico/whatif?contention=0x@2024-01&month=2024-01&{FEW}"
SLOW = 60_000  # milliseconds; a test machine may be busy


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory):
    real.executable()
    with real.server(tmp_path_factory.mktemp("kept")) as address:
        yield address


@pytest.fixture(scope="module")
def chrome(site: str):
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=real.executable(), args=[*real.FLAGS])
        yield opened
        opened.close()


@pytest.fixture
def context(chrome: Browser, site: str):
    made = chrome.new_context(base_url=site, viewport={"width": 1280, "height": 900}, accept_downloads=True)
    made.grant_permissions(["clipboard-read", "clipboard-write"])
    made.set_default_timeout(SLOW)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext):
    return opened(context, OPENING)


def opened(context: BrowserContext, address: str) -> Page:
    found = context.new_page()
    found.goto(address)
    found.wait_for_selector("html[data-ready]", state="attached")
    return found


def shows(page: Page, text: str | re.Pattern[str]) -> None:
    expect(page.locator("#answer")).to_contain_text(text, timeout=SLOW)


def queried(page: Page, *parts: str) -> None:
    page.wait_for_function("parts => parts.every(one => location.search.includes(one))", arg=list(parts))


def test_the_first_page_is_an_answered_question(context: BrowserContext):
    page = opened(context, "/")
    shows(page, "more encounters in January")
    assert "contention=0x@2024-01" in page.url
    assert page.locator("#dots .dot").count() == 10


def test_a_slider_changes_answer_address_and_drawing_in_place(page: Page):
    rim = page.locator("#way-stopped-fewer")
    before = rim.element_handle()
    was = page.locator("#answer").inner_text()
    page.locator("#slide-contention").fill("0.5")
    page.locator("#slide-contention").dispatch_event("change")
    queried(page, "contention=0.5x@2024-01")
    expect(page.locator("#answer")).not_to_have_text(was, timeout=SLOW)
    assert before.evaluate("one => one.isConnected")  # widths are set in place, nothing is drawn anew
    assert page.locator("#slide-contention").input_value() == "0.5"


def test_a_lever_back_at_the_record_leaves_the_address(page: Page):
    page.locator("#slide-contention").fill("1")
    page.locator("#slide-contention").dispatch_event("change")
    page.wait_for_function("!location.search.includes('contention')")
    expect(page.locator("#question")).to_contain_text("Nothing is changed yet", timeout=SLOW)


def test_the_first_month_of_a_change_moves_it(page: Page):
    page.locator("#lever-contention-from").select_option("2024-03")
    queried(page, "contention=0x@2024-03", "month=2024-03")
    shows(page, "in March")


def test_who_is_covered_narrows_a_change(page: Page):
    page.locator("#lever-contention details.whom summary").click()
    page.locator("#lever-contention input[value=HND]").check()
    queried(page, ":HND")
    expect(page.locator("#lever-contention details.whom summary")).to_contain_text("Honduras", timeout=SLOW)


def test_governments_that_answer_are_another_world(page: Page):
    page.get_by_role("link", name="answer", exact=True).click()
    queried(page, "react")
    expect(page.locator(".seg [aria-current]")).to_have_text("answer", timeout=SLOW)


def test_a_ready_made_world_is_one_click(page: Page):
    page.locator("#ready summary").click()
    page.locator("#ready a", has_text="stopped contention in February").click()
    queried(page, "world=contention-stops-in-february")
    shows(page, "in February")


def test_month_and_outcome_rule_the_whole_page(page: Page):
    page.locator("#later").click()
    queried(page, "month=2024-02")
    expect(page.locator("#month")).to_contain_text("February", timeout=SLOW)
    shows(page, "in February")
    page.locator("#show").select_option("de")
    queried(page, "show=de")
    shows(page, "deaths on the way")


def test_back_forward_and_reload_show_what_their_address_says(page: Page):
    first = page.locator("#answer").inner_text()
    page.locator("#later").click()
    shows(page, "in February")
    page.go_back()
    expect(page.locator("#answer")).to_have_text(first, timeout=SLOW)
    page.go_forward()
    shows(page, "in February")
    page.reload()
    shows(page, "in February")


def test_worlds_stand_side_by_side(page: Page):
    page.locator("#keep").click()
    queried(page, "compare=contention=0x@2024-01")
    page.locator("#slide-contention").fill("0.5")
    page.locator("#slide-contention").dispatch_event("change")
    queried(page, "contention=0.5x@2024-01", "compare=contention=0x@2024-01")
    expect(page.locator("#compare-table tbody tr")).to_have_count(3, timeout=SLOW)
    page.locator("#compare-table a[data-go]").click()
    page.wait_for_function("!location.search.includes('compare')")
    expect(page.locator("#compare-table tbody tr")).to_have_count(2, timeout=SLOW)


def test_a_journalist_reaches_a_shared_address_and_a_picture_in_six_actions(context: BrowserContext, tmp_path: Path):
    page, actions = opened(context, "/"), 1  # 1: open the start page, which answers the question
    shows(page, "more encounters in January")
    page.locator("[data-share]").click()
    actions += 1
    expect(page.locator("#toast")).to_contain_text("Address copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    page.locator("details.files summary").click()
    actions += 1
    with page.expect_download() as waiting:
        page.locator("details.files a", has_text="encounters.png").first.click()
    actions += 1
    picture = tmp_path / "encounters.png"
    waiting.value.save_as(picture)
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert actions <= 6
    other = opened(context, copied)
    shows(other, page.locator("#answer").inner_text())


def test_every_download_is_what_its_name_says(page: Page, context: BrowserContext):
    links = {one.inner_text(): one.get_attribute("href") for one in page.locator(".files-list a").all()}
    begins = {"answer.json": b"{", "data.csv": b"variable,", "data.nc": b"\x89HDF", "answer.html": b"<!doctype html>",
              "changes.yaml": b"# ", "ask.py": b'"""', "encounters.svg": b"<svg"}  # fmt: skip
    assert set(begins) <= set(links)
    for name, start in begins.items():
        found = context.request.get(links[name], timeout=SLOW)
        assert found.ok, name
        assert found.body().lstrip()[: len(start)].lower() == start.lower(), name
    assert json.loads(context.request.get(links["answer.json"]).body())["provenance"]["draws"] == 24


def test_an_address_that_cannot_be_read_shows_history_and_names_the_nearest(context: BrowserContext):
    page = context.new_page()
    reply = page.goto(f"/us-mexico/whatif?contencion=0x@2024-01&{FEW}")
    assert 400 <= reply.status < 500
    expect(page.locator("#problem")).to_contain_text("contencion")
    expect(page.locator("#problem")).to_contain_text("contention")
    expect(page.locator("#question")).to_contain_text("Nothing is changed yet")


def test_an_outcome_that_is_not_there_is_refused_with_those_that_are(context: BrowserContext):
    reply = context.request.get(f"{OPENING}&show=xx", timeout=SLOW)
    assert reply.status == 422
    assert "one of" in reply.text()


def test_a_long_question_is_cancelled_on_its_page(context: BrowserContext):
    page = opened(context, "/us-mexico/search")
    page.get_by_role("button", name="Run it").click()
    page.wait_for_url("**/jobs/*")
    expect(page.locator("#job-status")).to_contain_text(re.compile("Waiting|Running"))
    job = page.url
    page.get_by_role("button", name="Cancel").click()
    page.wait_for_url(re.compile("/search"))  # back where it was asked
    page.goto(job)
    expect(page.locator("#job-status")).to_contain_text("Cancelled", timeout=SLOW)


def test_printed_it_is_whole_and_says_its_address(page: Page):
    page.emulate_media(media="print")
    expect(page.locator(".printed")).to_contain_text("contention=0x@2024-01")
    expect(page.locator(".levers")).to_be_hidden()
    pages = page.pdf(format="A4").count(b"/Type /Page\n")
    assert 2 <= pages <= 6


def test_two_visitors_see_their_own_worlds(chrome: Browser, site: str, page: Page):
    other = chrome.new_context(base_url=site)
    other.set_default_timeout(SLOW)
    second = opened(other, f"/us-mexico/whatif?contention=0.5x@2024-01&month=2024-01&{FEW}")
    page.locator("#later").click()
    shows(page, "in February")
    shows(second, "in January")
    other.close()


def test_a_phone_holds_the_page_without_scrolling_sideways(chrome: Browser, site: str):
    narrow = chrome.new_context(base_url=site, viewport={"width": 360, "height": 740})
    narrow.set_default_timeout(SLOW)
    page = opened(narrow, OPENING)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.locator("#slide-contention").bounding_box()["y"] < 520
    expect(page.locator(".stations dt").first).to_be_visible()
    page.locator("[data-menu]").click()
    expect(page.get_by_role("link", name="Evidence")).to_be_visible()
    narrow.close()


def test_the_keyboard_alone_reaches_levers_map_and_months(page: Page):
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    page.locator("#slide-contention").focus()
    page.keyboard.press("ArrowRight")
    queried(page, "contention=0.05x@2024-01")
    page.locator("#st-encounters").focus()
    expect(page.locator("#tip")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#st-let_in")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#tip")).to_be_hidden()
    page.locator("#curve-1").focus()
    page.keyboard.press("ArrowRight")
    queried(page, "month=2024-02")


def test_no_request_leaves_the_machine(context: BrowserContext, site: str):
    asked: list[str] = []
    context.on("request", lambda one: asked.append(one.url))
    opened(context, OPENING)
    assert asked
    assert not [one for one in asked if not one.startswith((site, "data:"))]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("address", [OPENING, "/us-mexico/evidence", "/us-mexico/data", "/us-mexico/search"])
def test_axe_finds_nothing_serious(chrome: Browser, site: str, theme: str, address: str):
    own = chrome.new_context(base_url=site, color_scheme=theme)
    own.set_default_timeout(SLOW)
    found = Axe().run(opened(own, address)).response["violations"]
    own.close()
    serious = [
        (one["id"], [node["target"] for node in one["nodes"]][:4])
        for one in found
        if one["impact"] in ("serious", "critical")
    ]
    assert not serious


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious_on_a_page_with_drawn_charts(chrome: Browser, site: str, theme: str):
    own = chrome.new_context(base_url=site, color_scheme=theme)
    own.set_default_timeout(SLOW)
    page = opened(own, "/us-mexico/quotas?draws=24")
    page.locator(".plot").first.scroll_into_view_if_needed()
    page.wait_for_selector(".plot svg.main-svg", state="attached")
    found = Axe().run(page).response["violations"]
    own.close()
    assert not [(one["id"], one["nodes"][0]["target"]) for one in found if one["impact"] in ("serious", "critical")]


def test_without_script_the_answer_stands_as_text_and_table_and_forms_work(chrome: Browser, site: str):
    plain = chrome.new_context(base_url=site, java_script_enabled=False)
    plain.set_default_timeout(SLOW)
    page = plain.new_page()
    page.goto(OPENING)
    shows(page, "more encounters in January")
    expect(page.locator("#month-table-plain tbody tr").first).to_be_visible()
    page.locator("#lever-contention-from").select_option("2024-02")
    page.locator("#lever-contention button").click()
    page.wait_for_url(re.compile(r"contention=0(\.0)?x@2024-02"))
    plain.close()


def test_spanish_is_one_click_and_stays(page: Page):
    page.get_by_role("link", name="Español").click()
    queried(page, "lang=es")
    assert page.locator("html").get_attribute("lang") == "es"
    shows(page, "En enero de 2024, cerca de")
    page.locator("#later").click()
    queried(page, "lang=es", "month=2024-02")
    shows(page, "En febrero de 2024")


def test_the_theme_is_chosen_once(page: Page):
    page.locator("[data-theme-switch]").click()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.reload()
    assert page.locator("html").get_attribute("data-theme") == "dark"
