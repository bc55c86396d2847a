"""The limit of BLAS to one thread: shared by all who ask for it, and lifted when the last is done."""

from threadpoolctl import threadpool_info, threadpool_limits

from embviz.processes.blas import one_blas_thread


def threads():
    return [each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas"]


def test_whoever_ends_first_neither_lifts_the_limit_nor_keeps_it():
    with threadpool_limits(2, user_api="blas"):
        assert set(threads()) == {2}
        first, second = one_blas_thread(), one_blas_thread()
        first.__enter__()
        second.__enter__()
        assert set(threads()) == {1}
        first.__exit__(None, None, None)
        assert set(threads()) == {1}
        second.__exit__(None, None, None)
        assert set(threads()) == {2}
