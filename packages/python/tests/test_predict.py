"""One input, and rows in every form."""

from __future__ import annotations

import array
import datetime
import decimal
import json

import numpy as np
import pandas as pd
import pytest
from inputs import BAD, FIELDS, FLOWER, TEXT, UNUSUAL, flowers, pictures, wines

from burn_algorithms import InputError, Model


def test_one_flower(iris: Model) -> None:
    answer = iris.predict(FLOWER)
    assert answer["class"] == "Iris-versicolor"
    assert list(answer["probabilities"]) == list(iris.classes_)
    assert sum(answer["probabilities"].values()) == pytest.approx(1, abs=1e-5)


def test_one_wine(wine: Model) -> None:
    answer = wine.predict(dict(zip(wine.fields, wines(1)[0])))
    assert 3 < answer["quality"] < 9
    assert answer["interval"]["low"] < answer["quality"] < answer["interval"]["high"]


def test_one_text(agnews: Model) -> None:
    assert agnews.predict(TEXT)["class"] == "Sports"
    parts = {"title": TEXT, "description": ""}
    assert agnews.predict(parts)["class"] == "Sports"
    explained = agnews.predict(parts, explain=True)
    assert {"word", "weight"} == set(explained["explanation"][0])


def test_one_picture_in_each_form(mnist: Model) -> None:
    image = pictures(1)[0]
    answer = mnist.predict(image)
    assert set(answer["probabilities"]) == set("0123456789")
    forms = [image.tolist(), image.ravel(), image.ravel().tolist(), image[:, :, None]]
    for form in [*forms, image.astype(float), [row for row in image]]:
        assert mnist.predict(form) == answer
    assert mnist.predict(image.reshape(1, -1)).shape == (1,)


def test_strict_and_remarks(iris: Model) -> None:
    assert iris.predict(UNUSUAL)["outside"] == ["petal_width"]
    with pytest.raises(InputError, match="`petal_width` is outside"):
        iris.predict(UNUSUAL, strict=True)
    with pytest.raises(InputError, match="strict"):
        iris.predict([FLOWER, UNUSUAL], strict=True)
    assert "strict" in iris.predict_batch([FLOWER, UNUSUAL], strict=True)[1]["error"]


def test_values_of_other_libraries(iris: Model) -> None:
    answer = iris.predict(FLOWER)
    for kind in (np.float64, decimal.Decimal, str):
        cells = [kind(str(value)) for value in FLOWER.values()]
        row = dict(zip(FIELDS, cells))
        if kind is str:
            with pytest.raises(InputError, match="the string"):
                iris.predict(row)
        else:
            assert iris.predict(row) == answer
    assert iris.predict(pd.Series(FLOWER).to_dict()) == answer
    for missing in (None, float("nan"), np.float32("nan"), pd.NA, pd.NaT):
        with pytest.raises(InputError, match="`petal_width` is null"):
            iris.predict({**FLOWER, "petal_width": missing})
    with pytest.raises(InputError, match='the string \\"2024-05-31\\"'):
        iris.predict({**FLOWER, "petal_width": datetime.date(2024, 5, 31)})
    with pytest.raises(InputError, match="an object of the type object"):
        iris.predict({**FLOWER, "petal_width": object()})


def test_text_is_that_of_the_library(iris: Model) -> None:
    text = iris.predict_text(json.dumps([FLOWER, UNUSUAL]))
    assert text.count("\n") == 2 and text.endswith("}\n")
    assert json.loads(text.splitlines()[0]) == iris.predict(FLOWER)
    assert iris.predict_text(json.dumps(FLOWER).encode()) == text.splitlines(keepends=True)[0]
    lines = iris.predict_lines(json.dumps(FLOWER) + "\n{}\n")
    assert lines.splitlines()[1].startswith('{"error": ')


def test_description(iris: Model, wine: Model, mnist: Model, agnews: Model) -> None:
    assert iris.describe() is iris.describe()
    assert iris.describe()["name"] == iris.name == "iris"
    assert len(iris.sha256) == 64 and iris.sha256[:12] in repr(iris)
    assert list(iris.feature_names_in_) == FIELDS == list(iris.fields)
    assert (iris.n_features_in_, mnist.n_features_in_, agnews.n_features_in_) == (4, 784, 2)
    assert (iris.input_numbers, iris.output_numbers, agnews.input_numbers) == (4, 3, 0)
    assert [m.kind for m in (iris, mnist, agnews)] == ["table", "image", "text"]
    assert (wine.number, wine.classes, wine.is_classifier) == ("quality", (), False)
    assert iris.numeric and not agnews.numeric
    assert not hasattr(wine, "classes_") and not hasattr(mnist, "feature_names_in_")


def test_rows_in_each_form_give_the_same(iris: Model) -> None:
    rows = flowers(50)
    expected = iris.predict(rows)
    assert expected.shape == (50,) and set(expected) <= set(iris.classes_)
    dicts = [dict(zip(FIELDS, row)) for row in rows]
    frame = pd.DataFrame(rows, columns=FIELDS)
    shuffled = frame[FIELDS[::-1]].assign(species="unknown")
    as_object = frame.astype(object)
    forms = [rows.tolist(), rows.astype(np.float32), dicts, frame, shuffled, as_object, list(rows)]
    for form in forms:
        assert (iris.predict(form) == expected).all()
        assert iris.predict_proba(form) == pytest.approx(iris.predict_proba(rows), abs=2e-6)
    assert iris.predict_proba(FLOWER).shape == (1, 3)
    assert iris.predict([]).shape == (0,)
    assert iris.predict(np.zeros((0, 4))).shape == (0,)
    assert iris.predict_proba([]).shape == (0, 3)


def test_rows_of_numbers_texts_and_pictures(wine: Model, agnews: Model, mnist: Model) -> None:
    assert wine.predict(wines(5)).dtype == np.float64
    named = pd.DataFrame(wines(5), columns=wine.fields).astype(object)
    assert wine.predict(named) == pytest.approx(wine.predict(wines(5)), abs=1e-5)
    texts = [TEXT, "Shares of the bank fell"]
    for form in (texts, np.array(texts), pd.Series(texts), pd.Series(texts).to_numpy()):
        assert list(agnews.predict(form)) == ["Sports", "Business"]
    frame = pd.DataFrame({"title": texts, "description": ["", ""]})
    assert list(agnews.predict(frame)) == ["Sports", "Business"]
    images = pictures(6)
    expected = mnist.predict(images)
    for form in (images.reshape(6, -1), list(images), images.tolist(), images[..., None]):
        assert (mnist.predict(form) == expected).all()
    assert (mnist.predict(pd.DataFrame(images.reshape(6, -1))) == expected).all()
    answers = mnist.predict_batch(images)
    assert [answer["class"] for answer in answers] == list(expected)


def test_a_bad_row_is_told(iris: Model) -> None:
    rows = flowers(10)
    rows[6, 3] = 99
    for form in (rows, pd.DataFrame(rows, columns=FIELDS), [dict(zip(FIELDS, row)) for row in rows]):
        with pytest.raises(InputError, match="item 7: `petal_width` is 99") as caught:
            iris.predict(form)
        assert (caught.value.item, caught.value.field) == (7, "petal_width")
    with pytest.raises(InputError, match="no column `petal_width`"):
        iris.predict(pd.DataFrame(rows[:, :3], columns=FIELDS[:3]))
    with pytest.raises(InputError, match="not rows"):
        iris.predict([7.0, 3.2, 4.7, 1.4])
    with pytest.raises(InputError, match="expected 4 numbers"):
        iris.predict(rows[:, :3])
    with pytest.raises(ValueError, match="predict_batch"):
        iris.predict(rows, explain=True)
    with pytest.raises(InputError, match="not rows"):
        iris.predict(3)


def test_one_bad_row_among_many_costs_no_other(iris: Model) -> None:
    good = [dict(zip(FIELDS, row)) for row in flowers(1000)]
    expected = iris.predict_batch(good)
    assert expected == [iris.predict(row) for row in good]
    for bad in (BAD, {}, None, "text", 5, [1, 2], object(), {**FLOWER, "colour": 1}, "\ud800"):
        answers = iris.predict_batch([*good[:500], bad, *good[500:]])
        assert list(answers.pop(500)) == ["error"]
        assert answers == expected
    assert iris.predict_batch([]) == []
    with pytest.raises(InputError, match="one input"):
        iris.predict_batch(FLOWER)


def test_batches_of_arrays_and_frames(iris: Model, agnews: Model) -> None:
    rows = flowers(20)
    expected = iris.predict_batch([dict(zip(FIELDS, row)) for row in rows])
    assert iris.predict_batch(rows) == expected
    assert iris.predict_batch(rows.tolist()) == expected
    assert iris.predict_batch(pd.DataFrame(rows, columns=FIELDS)) == expected
    rows[3, 0] = np.nan
    assert "null" in iris.predict_batch(rows)[3]["error"]
    answers = agnews.predict_batch([TEXT, ""], explain=True)
    assert answers[0]["explanation"] and "no word" in answers[1]["error"]


def test_a_batch_larger_than_a_part(agnews: Model) -> None:
    texts = [f"{TEXT} {number} " + "and so on " * 40 for number in range(5000)]
    answers = agnews.predict_batch(texts)
    assert len(answers) == 5000
    assert answers[4321] == agnews.predict(texts[4321])


def test_numbers(iris: Model, wine: Model, agnews: Model) -> None:
    rows = flowers(100)
    outputs = iris.predict_numbers(rows)
    assert outputs.shape == (100, 3) and outputs.dtype == np.float32
    assert outputs.flags.writeable
    assert outputs == pytest.approx(iris.predict_proba(rows))
    assert (iris.predict_numbers(pd.DataFrame(rows, columns=FIELDS)) == outputs).all()
    assert (iris.predict_numbers(rows.tolist()) == outputs).all()
    assert (iris.predict_numbers(np.asfortranarray(rows)) == outputs).all()
    estimates = wine.predict_numbers(wines(7))
    assert estimates.shape == (7, 3)
    assert (estimates[:, 1] < estimates[:, 0]).all() and (estimates[:, 0] < estimates[:, 2]).all()
    for code in ("f", "d"):
        flat = iris.predict_numbers(array.array(code, rows.ravel().tolist()))
        assert isinstance(flat, array.array) and flat.typecode == "f"
        assert flat.tolist() == outputs.ravel().tolist()
    content = rows.astype("<f4").tobytes()
    assert iris.predict_numbers(content).tolist() == outputs.ravel().tolist()
    assert iris.predict_numbers(b"").tolist() == []
    for bad in (array.array("f", [1.0]), [["a"] * 4], [[1.0, 2.0]]):
        with pytest.raises(InputError):
            iris.predict_numbers(bad)
    with pytest.raises(InputError, match="more than plain numbers"):
        agnews.predict_numbers([[1.0]])


def test_numbers_beyond_one_part_keep_their_place(iris: Model) -> None:
    rows = flowers(200_000).astype(np.float32)
    assert iris.predict_numbers(rows).shape == (200_000, 3)
    rows[150_000, 2] = -1
    with pytest.raises(InputError, match="item 150001: `petal_length`") as caught:
        iris.predict_numbers(rows)
    assert caught.value.item == 150_001
