"""Which row of a table is about an image?"""

from collections.abc import Iterable

from samplewise.errors import InvalidArgumentError
from samplewise.tables import Table


class TableRows:
    """Rows by the URLs of their images, the first one where several have the same.

    Args:
        table: The table.
        image_column: Its column of images.
    """

    def __init__(self, table: Table, image_column: str) -> None:
        urls = list(enumerate(table.image_urls(image_column)))
        self._rows = {url: row for row, url in reversed(urls) if url is not None}
        self._name = table.name

    def of(self, images: Iterable[str]) -> list[int]:
        """Rows of images as `compute_metrics` gets them: those who know their row tell it.

        Raises:
            InvalidArgumentError: An image is not in the table.
        """
        return [self._of_one(image) for image in images]

    def _of_one(self, image: str) -> int:
        row = getattr(image, "example_id", None)
        row = self._rows.get(image) if row is None else row
        if row is None:
            raise InvalidArgumentError(
                f"`images` must have images of table `{self._name}`, but has {image!r}."
            )
        return row
