"""Pages as people see them: a real Chromium, offline, driven by Playwright.

VHKG_CHROMIUM names the program where it is not found by itself.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator

from playwright.sync_api import Browser, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome")


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    found = os.environ.get("VHKG_CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
    assert found, "no Chromium: install it (Debian: chromium), or name it with VHKG_CHROMIUM"
    with sync_playwright() as playwright:
        # inside a container there is no user namespace for its sandbox; it opens our own pages only
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()
