"""Light, lens and sensor: what happens to a drawn picture before it becomes a photograph."""

import numpy as np
from jaxtyping import Float, UInt8
from PIL import Image, ImageFilter

# Red, green, blue gains of daylight, evening, shade and neon.
_TINTS = ((1.0, 1.0, 1.0), (1.12, 0.98, 0.82), (0.86, 0.97, 1.12), (0.96, 1.06, 0.95))


def add_light(
    pixels: UInt8[np.ndarray, "h w 3"], rng: np.random.Generator
) -> UInt8[np.ndarray, "h w 3"]:
    """The picture under a random light, through a random lens, with sensor noise.

    One picture in ten is taken in the dark and one in ten out of focus: hard samples that a
    trained model really gets wrong.
    """
    dark, blurred = rng.random(2) < 0.1
    if blurred or rng.random() < 0.2:
        radius = pixels.shape[0] / 128 * (rng.uniform(0.8, 1.3) if blurred else 0.5)
        image = Image.fromarray(pixels).filter(ImageFilter.GaussianBlur(radius))
        pixels = np.asarray(image)
    exposure = rng.uniform(0.3, 0.5) if dark else rng.uniform(0.75, 1.2)
    tint = np.array(_TINTS[rng.integers(len(_TINTS))], dtype=np.float32)
    light = pixels * (exposure * tint) * _falloff(pixels.shape[0], rng)[..., None]
    contrast = rng.uniform(0.8, 1.15)
    light = (light - 110 * exposure) * contrast + 110 * exposure
    noise = rng.standard_normal(pixels.shape, dtype=np.float32)
    light += noise * rng.uniform(1, 12 if dark else 7)
    return light.clip(0, 255).astype(np.uint8)


def _falloff(size: int, rng: np.random.Generator) -> Float[np.ndarray, "h w"]:
    """Brightness over the picture: a slope in some direction, and darker corners."""
    axis = np.linspace(-1, 1, size, dtype=np.float32)
    turn, slope, corners = rng.uniform(0, 2 * np.pi), rng.uniform(0, 0.3), rng.uniform(0, 0.2)
    ramp = slope * (np.cos(turn) * axis[None, :] + np.sin(turn) * axis[:, None])
    distance = axis[None, :] ** 2 + axis[:, None] ** 2
    return (1 + ramp - corners * distance / 2).astype(np.float32)
