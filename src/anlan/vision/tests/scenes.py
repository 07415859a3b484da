"""Scenes drawn frame by frame: a yard with sensor noise, and what goes on in it. Real recordings are tried where there
are some (test_recording.py)."""

import cv2
import numpy as np

HEIGHT, WIDTH = 216, 384


def yard(dice: np.random.Generator) -> np.ndarray:
    """The empty yard: ground, a wall with edges, noise that no two frames share."""
    frame = np.full((HEIGHT, WIDTH, 3), (92, 104, 98), np.uint8)
    for x in range(0, WIDTH, 24):
        cv2.line(frame, (x, 0), (x, 90), (70, 76, 72), 2)
    cv2.rectangle(frame, (0, 90), (WIDTH, 96), (60, 62, 60), -1)
    return noisy(frame, dice)


def noisy(frame: np.ndarray, dice: np.random.Generator, by: float = 3.0) -> np.ndarray:
    return np.clip(frame + dice.normal(0, by, frame.shape), 0, 255).astype(np.uint8)


def walker(frame: np.ndarray, x: int, y: int = 110) -> np.ndarray:
    """Somebody in dark clothes, his feet at y + 70."""
    shown = frame.copy()
    cv2.circle(shown, (x, y + 6), 6, (120, 150, 190), -1)
    cv2.rectangle(shown, (x - 9, y + 12), (x + 9, y + 44), (40, 30, 30), -1)
    cv2.rectangle(shown, (x - 8, y + 44), (x - 1, y + 70), (25, 25, 60), -1)
    cv2.rectangle(shown, (x + 1, y + 44), (x + 8, y + 70), (25, 25, 60), -1)
    return shown


def burning(frame: np.ndarray, dice: np.random.Generator, x: int = 200, y: int = 170) -> np.ndarray:
    """Tongues of flame that come and go above (x, y)."""
    shown = frame.copy()
    for _ in range(14):
        foot, tall, wide = x + int(dice.integers(-16, 17)), int(dice.integers(10, 46)), int(dice.integers(4, 10))
        colour = (int(dice.integers(0, 60)), int(dice.integers(120, 220)), int(dice.integers(235, 256)))
        cv2.ellipse(shown, (foot, y - tall // 2), (wide, tall // 2), 0, 0, 360, colour, -1)
    return shown


def smoking(frame: np.ndarray, step: int, dice: np.random.Generator) -> np.ndarray:
    """A plume that rises and widens from (190, 150)."""
    veil, light = np.zeros(frame.shape[:2], np.float32), frame.astype(np.float32)
    for age in range(0, 46, 3):
        y = 150 - (age * 3 + step * 3) % 138
        spread = 8 + (150 - y) // 5
        cv2.circle(veil, (190 + int(dice.integers(-4, 5)), y), spread, 0.8, -1)
    veil = cv2.GaussianBlur(veil, (21, 21), 0)[..., None]
    return np.clip(light * (1 - veil) + 176 * veil, 0, 255).astype(np.uint8)
