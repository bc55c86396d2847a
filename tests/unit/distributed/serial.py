"""The calls of a layout made one after the other in this process, and stopped wherever a test says."""

from contextlib import contextmanager

from embviz.distributed import layout as layouts


class Stopped(Exception):
    """What a run is stopped with."""


class Calls(list):
    """The calls that runs have made: stage and number of each; a run stops when there are as many as `most`."""

    most = 10**9


def made_serially(monkeypatch) -> Calls:
    """Have calls made so, and listed."""
    made = Calls()

    def results_of(client, stage, function, given, progress, about):
        for number, arguments in given.items():
            if len(made) >= made.most:
                raise Stopped
            made.append((stage, number))
            yield number, function(*arguments)

    @contextmanager
    def workers_at(cluster):
        yield None

    monkeypatch.setattr(layouts, "results_of", results_of)
    monkeypatch.setattr(layouts, "workers_at", workers_at)
    return made
