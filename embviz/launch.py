"""How the page is started: its script, and what to type."""

from pathlib import Path

PACKAGE = Path(__file__).parent

INSTALLED = PACKAGE / "page" / "app.py"
"""Where a wheel has the ``app.py`` of the checkout it was built from, with ``.streamlit`` beside it: see setup.py."""


def page_script() -> Path:
    """The script that Streamlit runs: inside the package where that was installed, beside it in a checkout."""
    return INSTALLED if INSTALLED.is_file() else PACKAGE.parent / "app.py"


def start_command(*options: str) -> str:
    """What somebody types to start the page, with options of Streamlit.

    Examples
    --------
    >>> start_command("--server.allowedHosts localhost")  # in a checkout; else "embviz app -- ..."
    'streamlit run app.py --server.allowedHosts localhost'
    """
    command = ["embviz app", *(["--"] if options else [])] if INSTALLED.is_file() else ["streamlit run app.py"]
    return " ".join([*command, *options])
