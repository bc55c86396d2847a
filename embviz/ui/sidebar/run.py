"""Fields at the end of the sidebar for numbers that may be changed while a layout forms."""

import streamlit as st

from embviz.projection.run.steering import PLANNED, Planned, Steering
from embviz.projection.specs import ProjectionSpec, Tsne
from embviz.ui.sidebar.number_field import Allowed, optional_number_field
from embviz.ui.words import filled
from embviz.view import Forming


@st.fragment
def run_controls(forming: Forming) -> None:
    """Draw the fields for numbers that may be changed while a layout forms; its buttons are below the plot."""
    _number_wishes(forming.spec.projection, forming.steering)


def _number_wishes(spec: ProjectionSpec, steering: Steering) -> None:
    """Draw the fields of a method; an empty field leaves a number as planned, or sets it back to the planned one."""

    def wished(number: float | None) -> float | Planned:
        return PLANNED if number is None else number

    planned = "1, falling"
    if isinstance(spec, Tsne):
        planned = "automatic" if spec.learning_rate is None else f"{spec.learning_rate:g}"
    rate, exaggeration = st.columns(2, gap="small")
    with rate:
        optional_number_field(
            filled("Learning rate"),
            steering.learning_rate,
            Allowed(0.01, 1_000_000),
            key="run-learning-rate",
            empty=planned,
            help=filled("From now on. Too small: nothing moves. Too large: it flies apart."),
            on_number=lambda number: steering.wish(learning_rate=wished(number)),
        )
    if isinstance(spec, Tsne):
        with exaggeration:
            optional_number_field(
                filled("Exaggeration"),
                steering.exaggeration,
                Allowed(1, 1000),
                key="run-exaggeration",
                empty=f"{spec.early_exaggeration:g}, then 1",
                help=filled(
                    "Factor on attraction from now on. Above 1 pulls clusters together and apart from each other."
                ),
                on_number=lambda number: steering.wish(exaggeration=wished(number)),
            )
