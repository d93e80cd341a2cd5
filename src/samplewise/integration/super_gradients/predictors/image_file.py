"""Images as a network of SuperGradients takes them."""

from dataclasses import dataclass

from super_gradients.training.processing.processing import Processing

from samplewise.collect import Item
from samplewise.schema.image_reader import read_pixels


@dataclass(frozen=True)
class ImageLoader:
    """Reads an image and preprocesses it for one model.

    The image is read as the dataset read it that the model was trained on, which is where
    `predict` may differ: that turns no image, and cuts 16 bits off instead of scaling them.

    Attributes:
        processor: The model's own preprocessing, from RGB.
    """

    processor: Processing

    def __call__(self, url: str) -> Item:
        """The image as the network takes it, and the way back."""
        image, metadata = self.processor.preprocess_image(image=read_pixels(url))
        return Item(image, metadata)
