"""Prediction objects that know where their image lies instead of holding it."""

from typing import TYPE_CHECKING, Any

import numpy as np

from samplewise.integration.super_gradients.compatibility import restore_colormaps
from samplewise.schema.image_reader import read_pixels

if TYPE_CHECKING:
    from super_gradients.training.utils.predict import ImagePrediction as Base
else:
    Base = object


class _LazyPixels:
    """An attribute that is set to an image or to its URL, and is always an image when read."""

    def __get__(self, owner: Any, _kind: type | None = None) -> Any:
        if owner is None:
            return self
        held = vars(owner)["image"]
        return read_pixels(held) if isinstance(held, str) else held

    def __set__(self, owner: Any, value: str | np.ndarray) -> None:
        vars(owner)["image"] = value


class LazyImage(Base):
    """For a subclass of one of SuperGradients' `Image...Prediction` classes.

    Attributes:
        image: RGB, shape `(h, w, 3)`, uint8. Where it was given as a URL, it is read from there
            each time that it is asked for and never kept, so ten thousand predictions hold ten
            thousand short strings.
    """

    image: Any = _LazyPixels()

    @property
    def image_url(self) -> str | None:
        """Where the image lies."""
        held = vars(self)["image"]
        return held if isinstance(held, str) else None

    def draw(self, *args: Any, **kwargs: Any) -> np.ndarray:
        """The image with the prediction drawn on it."""
        with restore_colormaps():  # its colours need a function that matplotlib dropped
            return super().draw(*args, **kwargs)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(image={self.image_url!r}, prediction={self.prediction!r})"
