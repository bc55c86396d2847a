"""Protobuf's text format is read as protobuf itself reads it."""

import pytest
from google.protobuf import text_format
from hypothesis import given, settings, strategies as st
from tensorboard.plugins.projector.projector_config_pb2 import ProjectorConfig

from embviz.datasets.files.projector.text_proto import text_message

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)


@st.composite
def configs(draw) -> ProjectorConfig:
    config = ProjectorConfig(model_checkpoint_path=draw(st.one_of(st.just(""), TEXTS)))
    for _ in range(draw(st.integers(0, 3))):
        embedding = config.embeddings.add()
        for name in ("tensor_name", "metadata_path", "bookmarks_path", "tensor_path"):
            setattr(embedding, name, draw(st.one_of(st.just(""), TEXTS)))
        embedding.tensor_shape.extend(draw(st.lists(st.integers(0, 2**32 - 1), max_size=3)))
        if draw(st.booleans()):
            embedding.sprite.image_path = draw(TEXTS)
            embedding.sprite.single_image_dim.extend(draw(st.lists(st.integers(0, 9999), max_size=2)))
    return config


def plain(message) -> dict[str, list]:
    """The fields that are set, each with all its values."""
    found: dict[str, list] = {}
    for field, value in message.ListFields():
        values = list(value) if field.is_repeated else [value]
        found[field.name] = [plain(each) if hasattr(each, "ListFields") else each for each in values]
    return found


@settings(max_examples=60, deadline=None)
@given(
    config=configs(),
    options=st.fixed_dictionaries(
        {name: st.booleans() for name in ("as_utf8", "as_one_line", "use_short_repeated_primitives", "pointy_brackets")}
    ),
)
def test_every_message_that_protobuf_writes_is_read_back(config: ProjectorConfig, options: dict[str, bool]) -> None:
    text = text_format.MessageToString(config, **options)
    assert text_message(text) == plain(config)


@pytest.mark.parametrize(
    "text",
    [
        "embeddings: { tensor_path: 'a' 'b', tensor_shape: [1, 2]; } # said\n",
        'embeddings <tensor_shape: 0x1F tensor_path: "\\x41\\102\\\'">',
        '\n\n  model_checkpoint_path : "\u304a"',
    ],
)
def test_what_people_write_by_hand_is_read_as_protobuf_reads_it(text: str) -> None:
    assert text_message(text) == plain(text_format.Parse(text, ProjectorConfig()))


@pytest.mark.parametrize(
    "text",
    [
        "embeddings {",
        "embeddings }",
        "embeddings { tensor_path: }",
        'embeddings { tensor_path "a" }',
        'embeddings { tensor_path: "a }',
        'embeddings { tensor_path: "a\nb" }',
        r'embeddings { tensor_path: "a\q" }',
        "embeddings { tensor_shape: [1 2] }",
        "embeddings { tensor_shape: [1, 2 }",
        "{}",
        "= 5",
        "embeddings {" * 2000,
    ],
)
def test_what_protobuf_refuses_is_refused_with_the_line(text: str) -> None:
    with pytest.raises(ValueError, match=r"^line [12]: "):
        text_message(text)
