"""Memory stays under three times the true size of a file, while it is opened and made a dataset of."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow
import pytest
from pyarrow import parquet

ROOT = Path(__file__).parents[4]
SCRIPT = """
import resource, sys, warnings
import pyarrow.compute, pyarrow.csv, pyarrow.json, pyarrow.parquet
from embviz import load_dataset

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

warnings.simplefilter("ignore")
load_dataset(sys.argv[1], "all")
before = peak()
load_dataset(sys.argv[2], "all")
print(peak() - before)
"""


def kaggle(path, n):
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (n, 784)) * (rng.random((n, 784)) < 0.2)
    header = ",".join(["label", *(f"pixel{place}" for place in range(784))])
    np.savetxt(path, np.column_stack([rng.integers(0, 10, n), pixels]), "%d", ",", header=header, comments="")


def floats_as_text(path, n):
    np.savetxt(
        path,
        np.random.default_rng(0).normal(size=(n, 128)),
        "%.6f",
        ",",
        header=",".join(f"f{k}" for k in range(128)),
        comments="",
    )


def vectors(n):
    return np.random.default_rng(0).normal(size=(n, 256)).astype(np.float32)


def jsonl(path, n):
    with path.open("w") as file:
        for row in vectors(n):
            print(f'{{"v": {[round(float(value), 6) for value in row]}}}', file=file)


def parquet_file(path, n):
    parquet.write_table(pyarrow.table({"v": list(vectors(n))}), path, compression="none", use_dictionary=False)


SHAPES = {
    "kaggle.csv": (kaggle, 8_000),
    "floats.csv": (floats_as_text, 8_000),
    "it.npy": (lambda path, n: np.save(path, vectors(n)), 40_000),
    "fortran.npy": (lambda path, n: np.save(path, np.asfortranarray(vectors(n))), 40_000),
    "it.npz": (lambda path, n: np.savez(path, v=vectors(n)), 40_000),
    "it.jsonl": (jsonl, 6_000),
    "it.parquet": (parquet_file, 40_000),
}


@pytest.mark.skipif(sys.platform != "linux", reason="the peak of memory is asked for as Linux has it")
@pytest.mark.parametrize("name", SHAPES)
def test_memory_stays_under_three_times_the_size_of_the_file(tmp_path, name):
    write, n = SHAPES[name]
    (tmp_path / "small").mkdir()
    write(tmp_path / "small" / name, 100)
    write(tmp_path / name, n)
    command = [sys.executable, "-c", SCRIPT, str(tmp_path / "small" / name), str(tmp_path / name)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert int(ran.stdout) < 3 * (tmp_path / name).stat().st_size
