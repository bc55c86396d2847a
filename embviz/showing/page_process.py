"""The process that serves a page opened from Python: ``python -m embviz.showing.page_process``; it ends with Python."""

import os
import runpy
import shutil
import signal
import time

from embviz.datasets.own.started import started_folder
from embviz.processes.inside import end_with_parent

SECONDS = 5.0
"""Seconds that a server may take to end its sessions."""


def main() -> None:
    """Run Streamlit with the arguments of this process, until the parent ends or closes standard input."""
    end_with_parent(_leave)
    runpy.run_module("streamlit", run_name="__main__", alter_sys=True)


def _leave() -> None:
    """Remove the data, because a parent that was killed could not, and have Streamlit end its sessions."""
    folder = started_folder()
    if folder is not None:
        shutil.rmtree(folder, ignore_errors=True)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(SECONDS)


if __name__ == "__main__":
    main()
