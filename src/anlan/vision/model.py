"""A detector from an ONNX file, in place of the built-in ones or beside them.

Two forms of output are read, told apart by their shape: ``[1, n, 6]`` left, top, right, bottom, confidence, class
(models that suppress doubles themselves), and ``[1, 4 + classes, n]`` centre x, centre y, width, height, then a
confidence a class (the usual form of one-stage detectors); both in pixels of the model's input. The input is ``float32
[1, 3, h, w]``, red green blue from 0 to 1, the frame fitted in with grey margins. One processor thread: cameras share
the machine.
"""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from anlan.vision.finding import Seen, box_of

DOUBLE = 0.5
"""Overlap (intersection over union) from which two boxes of a class are one thing."""
USUAL_SIDE = 640


class UnusableModel(ValueError):
    """The file is no model this slot can use; the text says why."""


class Model:
    """``labels`` name the classes in order. Errors: UnusableModel."""

    def __init__(self, path: Path | str, labels: Sequence[str], least: float = 0.4):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        try:
            self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except Exception as problem:  # onnxruntime raises its own kinds for a bad file, a missing one, a bad operator
            raise UnusableModel(f"{Path(path).name} is no ONNX model that runs here: {problem}") from problem
        given = self._session.get_inputs()
        if len(given) != 1 or given[0].type != "tensor(float)" or len(given[0].shape) != 4:
            raise UnusableModel(f"{Path(path).name}: one input of float [1, 3, height, width] is expected")
        height, width = given[0].shape[2:]
        self._name = given[0].name
        self._size = (
            width if isinstance(width, int) else USUAL_SIDE,
            height if isinstance(height, int) else USUAL_SIDE,
        )
        self.labels, self.least = tuple(labels), least

    def look(self, frame: NDArray[np.uint8]) -> list[Seen]:
        """What the model sees, the surest first. Errors: UnusableModel for an output of another form."""
        fitted, scale, margin = _fitted(frame, self._size)
        output = self._session.run(None, {self._name: fitted})[0]
        boxes, confidences, classes = _read(np.asarray(output), len(self.labels))
        kept = confidences >= self.least
        boxes, confidences, classes = boxes[kept], confidences[kept], classes[kept]
        boxes = (boxes - np.array([*margin, 0, 0])) / scale
        # Boxes of different classes do not suppress one another: each class is moved to a field of its own.
        apart = boxes + np.outer(classes, [10_000, 0, 0, 0])
        chosen = cv2.dnn.NMSBoxes(apart.tolist(), confidences.tolist(), self.least, DOUBLE)
        found = [
            Seen(self._label(int(classes[i])), round(float(confidences[i]), 3), box_of(*_clipped(boxes[i], frame)))
            for i in np.ravel(chosen).astype(int)
        ]
        return sorted(found, key=lambda one: -one.confidence)

    def _label(self, number: int) -> str:
        return self.labels[number] if 0 <= number < len(self.labels) else f"class {number}"


def _fitted(frame: NDArray[np.uint8], size: tuple[int, int]) -> tuple[NDArray[np.float32], float, tuple[int, int]]:
    """The frame in the model's size, how much it was scaled, and the margins left and above."""
    scale = min(size[0] / frame.shape[1], size[1] / frame.shape[0])
    width, height = max(1, round(frame.shape[1] * scale)), max(1, round(frame.shape[0] * scale))
    left, top = (size[0] - width) // 2, (size[1] - height) // 2
    canvas = np.full((size[1], size[0], 3), 114, dtype=np.uint8)
    canvas[top : top + height, left : left + width] = cv2.resize(frame, (width, height))
    planes = canvas[:, :, ::-1].transpose(2, 0, 1)[None].astype(np.float32) / 255
    return np.ascontiguousarray(planes), scale, (left, top)


def _read(output: NDArray, classes: int) -> tuple[NDArray, NDArray, NDArray]:
    """Boxes (left, top, width, height), confidences and class numbers of either form."""
    if output.ndim == 3 and output.shape[2] == 6 and output.shape[1] != 4 + classes:
        rows = output[0]
        boxes = np.column_stack([rows[:, :2], rows[:, 2:4] - rows[:, :2]])
        return boxes, rows[:, 4], rows[:, 5].astype(int)
    if output.ndim == 3 and output.shape[1] == 4 + classes:
        rows = output[0].T
        boxes = np.column_stack([rows[:, :2] - rows[:, 2:4] / 2, rows[:, 2:4]])
        return boxes, rows[:, 4:].max(axis=1), rows[:, 4:].argmax(axis=1)
    raise UnusableModel(f"an output of shape {list(output.shape)} with {classes} labels is of no form known here")


def _clipped(box: NDArray, frame: NDArray[np.uint8]) -> tuple:
    """Left, top, width and height inside the frame, and the frame's shape."""
    left, top = max(0.0, float(box[0])), max(0.0, float(box[1]))
    right = min(float(frame.shape[1]), float(box[0] + box[2]))
    bottom = min(float(frame.shape[0]), float(box[1] + box[3]))
    return left, top, max(0.0, right - left), max(0.0, bottom - top), frame.shape
