"""The config as TensorBoard's protobuf reads it, and the standalone projector's JSON."""

import json

import pytest
from google.protobuf import text_format
from tensorboard.plugins.projector.projector_config_pb2 import ProjectorConfig

from embviz.export.names import tensor_name, unique_names
from embviz.export.tensorboard.config import TensorEntry, config_text, parse_config, standalone_json

FULL = TensorEntry("pixels", "tensor-pixels.bytes", (10, 784), "metadata.tsv", "sprite.png", 28, "bookmarks.json")
BARE = TensorEntry("a.b-c_2", "tensor-a.b-c_2.tsv", (10, 2), "metadata.tsv")


def test_protobuf_reads_every_field() -> None:
    config = text_format.Parse(config_text([FULL, BARE]), ProjectorConfig())
    full, bare = config.embeddings
    assert (full.tensor_name, full.tensor_path, list(full.tensor_shape)) == (FULL.name, FULL.path, [10, 784])
    assert (full.sprite.image_path, list(full.sprite.single_image_dim)) == ("sprite.png", [28, 28])
    assert (full.metadata_path, full.bookmarks_path) == ("metadata.tsv", "bookmarks.json")
    assert (bare.tensor_name, bare.HasField("sprite"), bare.bookmarks_path) == ("a.b-c_2", False, "")
    assert not config.model_checkpoint_path


def test_protobuf_writes_the_same_text() -> None:
    text = config_text([FULL, BARE])
    assert text_format.MessageToString(text_format.Parse(text, ProjectorConfig())) == text


def test_parsing_gives_the_entries_back() -> None:
    assert parse_config(config_text([FULL, BARE])) == [FULL, BARE]


@pytest.mark.parametrize("end", range(40, len(config_text([FULL])) - 3, 40))
def test_a_config_cut_short_is_refused(end: int) -> None:
    with pytest.raises(ValueError, match=r"missing|not closed|unpack|expected|text format"):
        parse_config(config_text([FULL])[:end])


def test_the_standalone_json_has_absolute_addresses_when_told_where() -> None:
    (full, bare) = json.loads(standalone_json([FULL, BARE], "https://a.b/c"))["embeddings"]
    assert full == {
        "tensorName": "pixels",
        "tensorShape": [10, 784],
        "tensorPath": "https://a.b/c/tensor-pixels.bytes",
        "metadataPath": "https://a.b/c/metadata.tsv",
        "sprite": {"imagePath": "https://a.b/c/sprite.png", "singleImageDim": [28, 28]},
        "bookmarksPath": "https://a.b/c/bookmarks.json",
    }
    assert "sprite" not in bare
    assert json.loads(standalone_json([BARE]))["embeddings"][0]["tensorPath"] == BARE.path


def test_names_are_safe_in_an_address_and_in_a_file_name() -> None:
    assert tensor_name("act & relu/1:0") == "act_relu_1_0"
    assert tensor_name("\u304a") == "_"
    assert tensor_name("") == "tensor"
    assert unique_names(["Hidden", "hidden", "hidden"], ignore_case=True) == ["Hidden", "hidden_2", "hidden_3"]
