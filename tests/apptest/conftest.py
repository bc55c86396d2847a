"""A page without a browser: Streamlit's AppTest, and the part of a browser that answers for our components."""

import json
import shutil
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.components.v2.component_manager import BidiComponentManager
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

from embviz.jobs.job import Job
from embviz.run import Run
from embviz.server import live_runs
from embviz.server.live import WISHES
from embviz.ui.current_view import Lookup
from embviz.ui.session import PROJECTOR, SESSION, Session
from embviz.ui.waiting.computed import Computation, Started

APP = Path(__file__).parents[2] / "app.py"

COMPONENTS = BidiComponentManager()
"""One for all visitors, as on a server; AppTest's own would take a second for each to read all installed packages."""


class Page:
    """The page of one visitor. What is asked of it ends with the page at rest, and without an exception on it."""

    def __init__(self) -> None:
        self.test = AppTest.from_file(str(APP), default_timeout=60)
        self.test._bidi_component_manager = COMPONENTS
        self._answers: dict[str, str] = {}

    def open(self) -> "Page":
        """Run the page, again and again until nothing is under way."""
        self.run()
        while self.test.get("progress") or self.is_forming or self.begins:
            for job in self.jobs():
                while job.is_running:
                    job.watch()  # as a browser does, which asks how far it is: compiling may take minutes
                    job.wait(10)
            if self.begins:
                self.tell(PROJECTOR, "begin", True)
            else:
                self.run()
        return self

    def run(self, *events: WidgetState) -> None:
        """Run the page once, with all that a browser sends along."""
        states = self.test._tree.get_widget_states() if self.test._tree else None
        if states is not None:
            states.widgets.extend(WidgetState(id=id, json_value=value) for id, value in self._answers.items())
            states.widgets.extend(events)
        self.test._run(states)
        assert not self.test.exception, [each.message for each in self.test.exception]

    def control(self, key: str) -> Any:
        """A control: what is set in it is told with the next run."""
        (found,) = [each for each in self.test._tree if getattr(each, "key", None) == key]
        return found

    def choose(self, key: str, value: Any) -> "Page":
        """Set a control."""
        control = self.control(key)
        if getattr(control.proto, "accept_new_options", False):  # AppTest knows only those offered
            self.run(WidgetState(id=control.id, string_value=value))
        else:
            control.set_value(value)
        return self.open()

    def shown(self, key: str) -> Any:
        """What a control says."""
        return self.test.session_state[key]

    def click(self, label: str) -> "Page":
        """Click a button."""
        self.button(label).click()
        return self.open()

    def button(self, label: str) -> Any:
        """The button; of Run there are two, in the sidebar and over the plot."""
        found = [each for each in self.test.button if each.label == label]
        assert len(found) == (2 if label == "▶ Run" else 1)
        return found[0]

    def show_tab(self, name: str) -> "Page":
        """Open a tab of the right column."""
        self.test.session_state["tab"] = name
        return self.open()

    def answer(self, key: str, name: str, value: Any) -> "Page":
        """Let a component set a state, as `setStateValue` does: sent with every run from now on."""
        self._answers[self._component(key).id] = json.dumps({name: value})
        return self.open()

    def trigger(self, key: str, name: str, value: Any) -> "Page":
        """Let a component tell an event, as `setTriggerValue` does: sent once."""
        self.tell(key, name, value)
        return self.open()

    def tell(self, key: str, name: str, value: Any) -> None:
        """As `trigger`, but the page may be busy afterwards."""
        event = WidgetState(id=f"$$STREAMLIT_INTERNAL_KEY_{self._component(key).id}__events")
        event.json_trigger_value = json.dumps([{"event": name, "value": value}])
        self.run(event)

    def wish(self, name: str) -> None:
        """Ask something of the layout that forms, as the buttons under the plot do."""
        WISHES[name](self.live_run().steering)
        self.run()

    def live_run(self) -> Run:
        """The run whose frames the browser is told to ask for."""
        run = live_runs.get(*self.data(PROJECTOR)["run"]["url"].split("/")[2:])
        assert run is not None
        return run

    def data(self, key: str) -> Any:
        """What a component was given, as the browser reads it."""
        (data,) = json.loads(self._component(key).json)
        return data

    def has(self, key: str) -> bool:
        """Whether there is a component of this key."""
        return any(each.key == key for each in self.test.get("bidi_component"))

    def jobs(self) -> list[Any]:
        """The computations started last, one of each kind; that of the view is the first one."""
        pane = self.session.pane
        view = pane.kept(Lookup).job if pane.run is None else pane.run.job
        started = [latest.job for latest in self.session.kept(Started)._latest.values()]
        return [job for job in (view, *started) if job is not None]

    def job(self, what: Computation[Any]) -> Job[Any] | None:
        """The one started last of this computation."""
        return self.session.kept(Started).of(what).job

    @property
    def session(self) -> Session:
        """What the page remembers of its visitor."""
        if SESSION not in self.test.session_state:
            self.test.session_state[SESSION] = Session()
        session: Session = self.test.session_state[SESSION]
        return session

    @property
    def is_forming(self) -> bool:
        """Whether a layout is shown that is still forming."""
        return self.has(PROJECTOR) and self.data(PROJECTOR)["coords"]["url"] is None

    @property
    def begins(self) -> bool:
        """Whether a layout begins when the plot has been drawn."""
        return self.has(PROJECTOR) and bool(self.data(PROJECTOR)["begins"])

    @property
    def view(self) -> Any:
        """What is shown."""
        return self.session.pane.view

    @property
    def asked(self) -> Any:
        """The spec that the controls say."""
        pane = self.session.pane
        return pane.run.spec if pane.run is not None and pane.run.is_asked else pane.kept(Lookup).key

    @property
    def text(self) -> str:
        """All text written on the page, without what controls say."""
        written = [each.value for kind in ("html", "markdown", "caption") for each in getattr(self.test, kind)]
        return "\n".join(each for each in written if not each.startswith("<style>"))

    @property
    def errors(self) -> list[str]:
        """What the page says is wrong."""
        return [each.value for each in self.test.error]

    def _component(self, key: str) -> Any:
        (found,) = [each for each in self.test.get("bidi_component") if each.key == key]
        return found.proto


@pytest.fixture
def new_page() -> Iterator[Page]:
    """The page of a visitor who has chosen nothing."""
    page = Page()
    yield page
    for job in page.jobs():
        job.cancel()
        job.wait()


@pytest.fixture
def page(new_page: Page) -> Page:
    """The page of a visitor who has chosen PCA and the Inspect tab before."""
    new_page.test.session_state["method"] = "pca"
    new_page.test.session_state["tab"] = "Inspect"
    return new_page


@pytest.fixture(scope="session")
def first_picture_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is kept after a visitor looked at the first picture of the digits, with the tab that opens beside it."""
    folder = tmp_path_factory.mktemp("first-picture")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("EMBVIZ_STORE_DIR", str(folder))
        Page().open().show_tab("Overlap")
    return folder


@pytest.fixture
def first_picture_is_there(first_picture_store: Path, own_store: Path) -> None:
    """The first picture of the digits was computed before: a page that nothing was chosen on shows it at once."""
    shutil.copytree(first_picture_store, own_store)


@pytest.fixture
def mnist_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Makes test items of these labels MNIST's, as the page sees it; the images are noise, the last one is black."""

    def make(labels: list[int]) -> Path:
        images = np.random.default_rng(0).integers(0, 256, (len(labels), 28, 28), dtype=np.uint8)
        images[-1] = 0
        header = struct.pack(">4I", 0x803, *images.shape)
        (tmp_path / "t10k-images-idx3-ubyte").write_bytes(header + images.tobytes())
        (tmp_path / "t10k-labels-idx1-ubyte").write_bytes(struct.pack(">2I", 0x801, len(labels)) + bytes(labels))
        monkeypatch.setenv("EMBVIZ_DATA_DIR", str(tmp_path))
        return tmp_path

    return make
