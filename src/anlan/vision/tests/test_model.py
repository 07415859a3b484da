"""Small models are made here, node by node: what they answer is known."""

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from anlan.vision.model import Model, UnusableModel
from anlan.vision.watcher import Watcher


def model(path, answer: np.ndarray, size=(64, 64)):
    """A network that answers always the same, whatever it is shown."""
    given = helper.make_tensor_value_info("images", TensorProto.FLOAT, [1, 3, *size])
    said = helper.make_tensor_value_info("output", TensorProto.FLOAT, list(answer.shape))
    constant = helper.make_tensor("answer", TensorProto.FLOAT, answer.shape, answer.astype(np.float32).ravel())
    graph = helper.make_graph(
        [
            helper.make_node("Constant", [], ["output"], value=constant),
            helper.make_node("Identity", ["images"], ["seen"]),
        ],
        "same",
        [given],
        [said],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    made.ir_version = 8
    onnx.save(made, path)
    return path


def frame():
    return np.random.default_rng(1).integers(0, 255, (100, 200, 3), dtype=np.uint8)


def test_boxes_with_a_confidence_a_class_become_fractions_of_the_frame(tmp_path):
    # The frame of 200 by 100 fills the 64 by 64 from row 16 to row 48.
    rows = np.array(
        [[32, 32, 32, 16, 0.9, 0.1], [33, 32, 32, 16, 0.8, 0.1], [8, 24, 16, 16, 0.1, 0.7], [1, 1, 1, 1, 0, 0]]
    )
    seen = Model(model(tmp_path / "a.onnx", rows.T[None]), ["person", "helmet"]).look(frame())
    assert [(one.what, one.confidence) for one in seen] == [("person", 0.9), ("helmet", 0.7)]  # the double is gone
    assert seen[0].box == pytest.approx((0.25, 0.25, 0.5, 0.5), abs=1e-5)
    assert seen[1].box == pytest.approx((0.0, 0.0, 0.25, 0.5), abs=1e-5)


def test_boxes_that_are_suppressed_already_are_read_too(tmp_path):
    rows = np.array([[16, 24, 48, 40, 0.6, 1], [0, 0, 5, 5, 0.1, 0]])[None]
    seen = Model(model(tmp_path / "b.onnx", rows), ["fire", "smoke"]).look(frame())
    assert [(one.what, one.confidence) for one in seen] == [("smoke", 0.6)]


def test_what_is_no_model_is_refused_in_words(tmp_path):
    broken = tmp_path / "c.onnx"
    broken.write_bytes(b"not a model")
    for path in (broken, tmp_path / "missing.onnx"):
        with pytest.raises(UnusableModel, match="no ONNX model"):
            Model(path, ["person"])
    odd = Model(model(tmp_path / "d.onnx", np.zeros((1, 7))), ["person"])
    with pytest.raises(UnusableModel, match="of no form known here"):
        odd.look(frame())


def test_a_model_stands_in_for_movement_where_it_is_asked_for_its_words(tmp_path):
    rows = np.array([[32, 32, 32, 16, 0.9, 0.0], [1, 1, 1, 1, 0, 0]])
    eyes = Model(model(tmp_path / "e.onnx", rows.T[None]), ["person", "helmet"])
    settings = {"detect": {"intrusion": {"of": ["person"]}, "absence": {"of": ["person"]}}}
    watcher = Watcher(settings, eyes)
    for _ in range(6):
        said = {finding.key: finding for finding in watcher.look(frame(), 1.0)}
    assert said["intrusion"].value == pytest.approx(0.9) and said["absence"].value == 0
    assert said["intrusion"].seen[0].what == "person"
    nobody = Watcher({"detect": {"intrusion": {"of": ["helmet"]}}}, eyes)
    assert [finding.value for finding in nobody.look(frame(), 1.0) if finding.key == "intrusion"] == [0]
