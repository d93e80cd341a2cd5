"""Which row of a table is about an image?"""

from collections.abc import Iterable
from functools import cached_property

from samplewise.errors import InvalidArgumentError
from samplewise.tables import Table


class ImageRows:
    """Rows by their images, the first one where several have the same.

    Args:
        table: The table.
        image_column: Its column of images.
    """

    def __init__(self, table: Table, image_column: str) -> None:
        self._table = table
        self._image_column = image_column

    def of(self, images: Iterable[str]) -> list[int]:
        """Rows of images as `compute_metrics` gets them: an `ImageUrl` knows its own.

        Raises:
            InvalidArgumentError: An image is not in the table.
        """
        return [self._of_one(image) for image in images]

    def _of_one(self, image: str) -> int:
        row = getattr(image, "example_id", None)
        row = self._by_url.get(image) if row is None else row
        if row is None:
            raise InvalidArgumentError(
                f"`images` must have images of table `{self._table.name}`, but has {image!r}."
            )
        return row

    @cached_property
    def _by_url(self) -> dict[str, int]:
        # Made only for those who come with plain strings: a collection never does.
        urls = list(enumerate(self._table.image_urls(self._image_column)))
        return {url: row for row, url in reversed(urls) if url is not None}
