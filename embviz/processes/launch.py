"""Path of the page's script, and the command that starts the page."""

from pathlib import Path

PACKAGE = Path(__file__).parents[1]

INSTALLED = PACKAGE / "page" / "app.py"
"""Path of the page's script in an installed embviz; setup.py copies it and ``.streamlit`` there for a wheel."""


def page_script() -> Path:
    """Path of the script that Streamlit runs: inside an installed package, beside the package in a checkout."""
    return INSTALLED if INSTALLED.is_file() else PACKAGE.parent / "app.py"


def start_command(*options: str) -> str:
    """Command that starts the page, with options for Streamlit.

    Examples
    --------
    >>> start_command("--server.allowedHosts localhost")  # in a checkout; else "embviz app -- ..."
    'streamlit run app.py --server.allowedHosts localhost'
    """
    command = ["embviz app", *(["--"] if options else [])] if INSTALLED.is_file() else ["streamlit run app.py"]
    return " ".join([*command, *options])
