"""Fields at the end of the sidebar for numbers that may be changed while a layout forms."""

import streamlit as st

from embviz.projection.run.steering import Steering
from embviz.projection.run.wishes import PLANNED, Planned
from embviz.projection.specs import LinearSpec, ProjectionSpec, Tsne
from embviz.projection.titles import PARAMETERS, planned_exaggeration_title, planned_rate_title
from embviz.run import Run
from embviz.ui.sidebar.number_field import Allowed, optional_number_field
from embviz.ui.words import as_text, filled


@st.fragment
def run_controls(run: Run) -> None:
    """Draw the fields for numbers that may be changed while a layout forms; its buttons are below the plot."""
    _number_wishes(run.spec.projection, run.steering)


def _number_wishes(spec: ProjectionSpec, steering: Steering) -> None:
    """Draw the fields of a method; an empty field leaves a number as planned, or sets it back to the planned one."""
    assert not isinstance(spec, LinearSpec), "it does not form"

    def wished(number: float | None) -> float | Planned:
        return PLANNED if number is None else number

    rate, exaggeration = st.columns(2, gap="small")
    with rate:
        optional_number_field(
            as_text(PARAMETERS["learning_rate"]),
            steering.learning_rate,
            Allowed(0.01, 1_000_000),
            key="run-learning-rate",
            empty=planned_rate_title(spec),
            help=filled("Applies from now on. Too small: nothing moves. Too large: the layout flies apart."),
            on_number=lambda number: steering.wish(learning_rate=wished(number)),
        )
    if isinstance(spec, Tsne):
        with exaggeration:
            optional_number_field(
                as_text(PARAMETERS["exaggeration"]),
                steering.exaggeration,
                Allowed(1, 1000),
                key="run-exaggeration",
                empty=planned_exaggeration_title(spec),
                help=filled(
                    "Factor on attraction from now on. Above 1 pulls clusters together and apart from each other."
                ),
                on_number=lambda number: steering.wish(exaggeration=wished(number)),
            )
