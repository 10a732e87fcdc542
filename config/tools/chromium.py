"""Sees to it that Chromium is there for the browser tests, which are never skipped."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
INSTALL = "apt-get install --yes --no-install-recommends chromium"


def main() -> None:
    """Install Debian's package where that is possible; elsewhere say how, and fail."""
    if any(shutil.which(name) for name in NAMES):
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing Chromium for the browser tests ...", flush=True)
        for command in ("apt-get update --quiet=2", INSTALL + " --quiet=2"):
            environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
            subprocess.run(command.split(), env=environment, stdout=subprocess.DEVNULL, check=False)
        if any(shutil.which(name) for name in NAMES):
            return
    sys.exit(
        "The browser tests need Chromium. On Debian and Ubuntu:\n"
        f"  sudo apt-get update && sudo {INSTALL}"
    )


if __name__ == "__main__":
    main()
