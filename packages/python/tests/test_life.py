"""Models that are copied, shared by threads, forked and used for long."""

from __future__ import annotations

import copy
import os
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from inputs import BAD, FLOWER, flowers

from burn_algorithms import InputError, Model, _engine


def test_a_pickled_model_answers_the_same(iris: Model) -> None:
    for other in (pickle.loads(pickle.dumps(iris)), copy.copy(iris), copy.deepcopy(iris)):
        assert other is not iris and other.sha256 == iris.sha256
        assert other.predict(FLOWER) == iris.predict(FLOWER)


def test_a_pickled_model_is_compiled_in_another_process(iris: Model, tmp_path: Path) -> None:
    file = tmp_path / "model.pickle"
    file.write_bytes(pickle.dumps(Model(iris.content, max_memory=8 << 20)))
    program = f"import pickle; print(pickle.load(open({str(file)!r}, 'rb')).predict({FLOWER!r})['class'])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "Iris-versicolor\n"


def test_equal_libraries_are_compiled_once(iris: Model) -> None:
    assert Model(iris.content)._answerer.compiled is Model(bytearray(iris.content))._answerer.compiled
    assert len(_engine._cache.modules) <= 8


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_a_forked_process_can_use_and_compile_models(iris: Model) -> None:
    iris.predict(FLOWER)
    child = os.fork()
    if child == 0:
        same = iris.predict(FLOWER) == Model(iris.content).predict(FLOWER)
        os._exit(0 if same else 1)
    assert os.waitpid(child, 0)[1] == 0


def test_threads_can_share_a_model(iris: Model) -> None:
    rows = [dict(zip(iris.fields, row)) for row in flowers(200)]
    expected = [iris.predict(row) for row in rows]

    def work(own: bool) -> bool:
        model = Model(iris.content) if own else iris
        return [model.predict(row) for row in rows] == expected

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, [False, True] * 8))


def test_memory_does_not_grow() -> None:
    import resource

    model = Model(os.environ["BURN_ALGORITHMS_LIBRARIES"] + "/iris-inference.lib.wasm")
    rows = flowers(64)
    rows_of_dicts = [dict(zip(model.fields, row)) for row in rows]

    def some(count: int) -> None:
        for _ in range(count):
            model.predict(FLOWER)
            model.predict_numbers(rows)
            with pytest.raises(InputError):
                model.predict(BAD)
        model.predict_batch(rows_of_dicts)

    some(2000)
    assert model._answerer._library is not None
    linear, resident = model._answerer._library._size, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    some(10_000)
    assert model._answerer._library._size == linear
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - resident < 4096


def test_new_instances_give_their_memory_back() -> None:
    import resource

    from modules import fake

    model = Model(fake(predict="unreachable"))

    def some(count: int) -> None:
        for _ in range(count):
            with pytest.raises(MemoryError):
                model.predict({"x": 1})

    some(300)
    resident = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    some(2000)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - resident < 8192
