"""One person's desk: a signed-in browser that fills in forms by their labels and looks at pages."""

import os
import re
from dataclasses import dataclass, field
from functools import cached_property
from io import BytesIO
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Error, Locator, Page, expect
from pypdf import PdfReader

from config.demo.people import PASSWORD

AXE = Axe()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
ALL_RULES = {"type": "tag", "values": TAGS}
# The rules that depend on colours and on the screen's width.
LOOK_RULES = {
    "type": "rule",
    "values": [
        "color-contrast",
        "link-in-text-block",
        "scrollable-region-focusable",
        "target-size",
    ],
}
# Each page is looked at in both; the last one is how people work.
LOOKS = (("dark", 390, 844, LOOK_RULES), ("light", 1440, 900, ALL_RULES))
# Both widths in both schemes, for tests that take their time.
ALL_LOOKS = (
    *((scheme, 390, 844, ALL_RULES) for scheme in ("light", "dark")),
    *((scheme, 1440, 900, ALL_RULES) for scheme in ("dark", "light")),
)
# What stands around every page of a person, as axe names it.
FRAME = [["#rail"], [".top-bar"]]
Look = tuple[str, int, int, dict[str, object]]
Looks = tuple[Look, ...]
PROJECT = Path(__file__).resolve().parents[2]
PICTURES = Path(os.environ.get("SCREENSHOTS") or PROJECT / "test-results") / "company-zx"
# What htmx says of a request that a later one has overtaken.
OVERTAKEN = ("htmx:sendAbort", "htmx:afterRequest", "htmx:abort")
PATIENCE_MS = 20_000


@dataclass
class Desk:
    """A person's signed-in browser; `defects` gathers what is wrong with the pages seen."""

    browser: Browser
    address: str
    username: str
    defects: list[str] = field(default_factory=list)
    # In which looks the frame was judged, which is the same on all pages of a person.
    frames_judged: set[tuple[str, int]] = field(default_factory=set)

    @cached_property
    def page(self) -> Page:
        """Open the browser and sign in, at first use."""
        context = self.browser.new_context(
            locale="en-GB", reduced_motion="reduce", viewport={"width": 1440, "height": 900}
        )
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: self._note(f"script error: {error}"))
        page.on("console", self._note_console)
        page.goto(f"{self.address}/sign-in/")
        page.get_by_label("Username").fill(self.username)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"{self.address}/")
        return page

    def go(self, *path: str) -> Page:
        """Go by the rail's links and the page's, one after the other."""
        group, *links = path
        rail = self.page.get_by_role("navigation", name="Main")
        with self.page.expect_navigation():
            rail.get_by_role("link", name=group, exact=True).click()
        for link in links:
            self.follow(link)
        return self.page

    def follow(self, link: str) -> None:
        """Follow a link of the page, not of the frame around it."""
        with self.page.expect_navigation():
            self.content.get_by_role("link", name=link, exact=True).first.click()

    @property
    def content(self) -> Locator:
        """The page without its frame."""
        return self.page.locator("#content")

    def panel(self, title: str) -> Locator:
        """Return the panel with this title."""
        heading = self.page.get_by_role("heading", name=title, exact=True)
        return self.content.locator("section.panel").filter(has=heading)

    def fill_in(self, values: dict[str, str | bool], *, within: Locator | None = None) -> None:
        """Fill in a form by its labels: text, choices by what they say, boxes by True and False."""
        for label, value in values.items():
            pattern = re.compile(rf"^\s*{re.escape(label)}\*?\s*$")
            control = (within or self.content).get_by_label(pattern).first
            if isinstance(value, bool):
                control.set_checked(value)
            elif control.evaluate("e => e.tagName") == "SELECT":
                control.select_option(label=value)
            elif control.get_attribute("role") == "combobox":
                self.choose(control, value)
            else:
                control.fill(value)

    def choose(self, field: Locator, name: str) -> None:
        """Search in a field and take what is found first; a code not offered stays typed."""
        field.fill(name)
        found = re.compile(rf"{re.escape(name)}|Nothing matches", re.IGNORECASE)
        option = self.page.get_by_role("option", name=found).first
        expect(option).to_be_visible(timeout=PATIENCE_MS)
        field.press("Escape" if option.inner_text() == "Nothing matches." else "Enter")

    def press(self, button: str, *, within: Locator | None = None) -> None:
        """Press a button whose answer comes in place."""
        (within or self.content).get_by_role("button", name=button, exact=True).click()

    def send(self, button: str) -> None:
        """Press a button that leads to another page, or to this one anew."""
        with self.page.expect_navigation():
            self.press(button)

    def is_told(self, text: str) -> None:
        """Wait for a message."""
        expect(self.page.locator("#messages")).to_contain_text(text, timeout=PATIENCE_MS)

    def rows(self, within: Locator) -> list[list[str]]:
        """Return the texts of a table's rows below its head, cell by cell."""
        rows = within.locator("tbody tr, tfoot tr").all()
        return [
            [" ".join(text.split()) for text in row.locator("th, td").all_inner_texts()]
            for row in rows
        ]

    def pdf_text(self, link: str) -> str:
        """Open the PDF behind a link and return the text of its first page."""
        address = self.content.get_by_role("link", name=link, exact=True).get_attribute("href")
        answer = self.page.request.get(f"{self.address}{address}")
        assert answer.headers["content-type"] == "application/pdf"
        return PdfReader(BytesIO(answer.body())).pages[0].extract_text()

    def type_keys(self, *keys: str) -> None:
        """Press keys one by one, as a hand does and not as a scanner."""
        for key in keys:
            self.page.wait_for_timeout(80)
            self.page.keyboard.press(key)

    def tab_to(self, text: str, *, most: int = 40) -> None:
        """Press Tab until the link with this text has the focus."""
        for _ in range(most):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("document.activeElement.textContent.trim()") == text:
                return
        raise AssertionError(f"Tab never came to {text}.")

    def key_leads_on(self, key: str) -> None:
        """Press a key that leads to another page."""
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def look(self, name: str, *, page: Page | None = None, looks: Looks = LOOKS) -> None:
        """Take the page's pictures, and note what breaks a rule on it.

        A page that follows its run loads itself anew when the run ends: that look is taken again.
        """
        page = page or self.page
        for each in looks:
            try:
                self._take_look(page, name, each, several=looks is not LOOKS)
            except Error as error:
                if "context was destroyed" not in error.message:
                    raise
                page.wait_for_load_state()
                self._take_look(page, name, each, several=looks is not LOOKS)

    def _take_look(self, page: Page, name: str, look: Look, *, several: bool) -> None:
        scheme, width, height, rules = look
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": height})
        where = f"{name}, {scheme}, {width} px"
        self._note_violations(page, where, rules, but=self._judged_frame(scheme, width))
        # As tall as the page, so that bars which stick to the screen stand where they belong.
        tall = page.evaluate("document.documentElement.scrollHeight")
        if tall > height:
            page.set_viewport_size({"width": width, "height": tall})
        picture = f"{name}_{width}_{scheme}" if several else f"{name}_{width}"
        page.screenshot(path=self._picture(picture), animations="disabled")

    def _judged_frame(self, scheme: str, width: int) -> list[list[str]]:
        """Return what need not be judged again in this look: nothing at first, then the frame."""
        if (scheme, width) in self.frames_judged:
            return FRAME
        self.frames_judged.add((scheme, width))
        return []

    def _picture(self, name: str) -> Path:
        PICTURES.mkdir(parents=True, exist_ok=True)
        return PICTURES / f"{name}.png"

    def _note_violations(
        self, page: Page, where: str, rules: object, *, but: list[list[str]]
    ) -> None:
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE.axe_script)
        options = {"runOnly": rules, "resultTypes": ["violations"]}
        judge = "([but, options]) => axe.run({exclude: but}, options).then(all => all.violations)"
        found = page.evaluate(judge, [but, options])
        for rule in found:
            self.defects.append(f"{where}: {rule['id']}: {rule['nodes'][0]['html']}")
        beyond = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if beyond > 0:
            self.defects.append(f"{where}: {beyond} px wider than the screen")

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(OVERTAKEN):
            self._note(f"console: {message.text}")

    def _note(self, text: str) -> None:
        self.defects.append(f"{self.page.url}: {text}")
