"""What pyproject.toml cannot say: the page's script, settings and document of methods go into the package."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

PAGE = ("app.py", ".streamlit/config.toml", "docs/methods.md")


class BuildWithPage(build_py):
    """Files of the package as they are now, and in its folder ``page`` the script with what belongs beside it."""

    def run(self) -> None:
        """Leave out what an earlier build has left, and add the page; an editable install uses the checkout's."""
        package = Path(self.build_lib) / "embviz"
        if not self.editable_mode:
            shutil.rmtree(package, ignore_errors=True)
        super().run()
        if not self.editable_mode:
            for name in PAGE:
                target = package / "page" / name
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(name, target)


setup(cmdclass={"build_py": BuildWithPage})
