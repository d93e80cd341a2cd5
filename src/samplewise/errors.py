"""Every error that Samplewise raises on purpose.

```
SamplewiseError
├── InvalidArgumentError(ValueError)        an argument breaks its rule
│   └── SchemaError                         a value or column does not fit its schema
├── NotFoundError(LookupError)              nothing is stored under that name
│   └── ColumnNotFoundError                 a table has no such column
├── AlreadyExistsError(FileExistsError)     `if_exists="raise"` met something stored
├── FormatError(ValueError)                 a file to read is not what it says it is
│   └── ImageError(OSError)                 an image cannot be read
│       ├── ImageNotFoundError(FileNotFoundError)  there is no such file
│       └── ImageRefusedError               a limit or rule forbids it that a person can change
├── AliasError(LookupError)                 `<NAME>/…` has no folder behind it
├── StoreError(OSError)                     the store cannot be read or written
│   ├── NewerFormatError                    written by a newer Samplewise
│   └── ConflictError                       another writer was faster, again and again
├── MissingDependencyError(ImportError)     an optional package is not installed
├── ForkError(RuntimeError)                 a table was opened before the process forked
└── CollectionError(RuntimeError)           metrics of a model could not be collected
```

Wording, the hint on a line of its own:

```
`<argument>` must <rule, with shape or unit>, but <what it is>.
Hint: <the next thing to do>.
```
"""

from collections.abc import Iterable
from difflib import get_close_matches


class SamplewiseError(Exception):
    """Base of all errors raised on purpose.

    Args:
        message: What is wrong, one sentence.
        hint: The next thing to do, one sentence; shown on a line of its own.
    """

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        self.message = message
        self.hint = hint
        super().__init__(message if hint is None else f"{message}\nHint: {hint}")

    def __str__(self) -> str:
        return self.message if self.hint is None else f"{self.message}\nHint: {self.hint}"

    def __reduce__(self) -> tuple[object, ...]:
        # Errors cross process borders (DataLoader workers); keyword arguments do not by default.
        return _rebuild, (type(self), self.message, self.hint)


def _rebuild(kind: type[SamplewiseError], message: str, hint: str | None) -> SamplewiseError:
    return kind(message, hint=hint)


class InvalidArgumentError(SamplewiseError, ValueError):
    """An argument breaks its rule."""


class SchemaError(InvalidArgumentError):
    """A value or a column does not fit its schema."""


class NotFoundError(SamplewiseError, LookupError):
    """Nothing is stored under that name."""


class ColumnNotFoundError(NotFoundError):
    """A table has no such column."""


class AlreadyExistsError(SamplewiseError, FileExistsError):
    """`if_exists="raise"` met something that is stored."""


class FormatError(SamplewiseError, ValueError):
    """A file to read is not what it says it is."""


class ImageError(FormatError, OSError):
    """An image cannot be read."""


class ImageNotFoundError(ImageError, FileNotFoundError):
    """There is no such image."""


class ImageRefusedError(ImageError):
    """An image is not read, by a limit or a rule that a person can change; the hint says how."""


class AliasError(SamplewiseError, LookupError):
    """A path starts with `<NAME>` and no folder is known under that name."""


class StoreError(SamplewiseError, OSError):
    """The store cannot be read or written."""


class NewerFormatError(StoreError):
    """Something on disk was written by a newer Samplewise."""


class ConflictError(StoreError):
    """Another writer was faster, again and again."""


class MissingDependencyError(SamplewiseError, ImportError):
    """An optional package is not installed."""


class ForkError(SamplewiseError, RuntimeError):
    """A table was opened before the process forked; its reader does not survive a fork."""


class CollectionError(SamplewiseError, RuntimeError):
    """Metrics of a model could not be collected."""


def did_you_mean(name: object, known: Iterable[object]) -> str:
    """Hint that names the closest known word and lists what there is."""
    words = sorted(map(str, known))
    close = get_close_matches(str(name), words, n=1)
    shown = ", ".join(words[:12]) + (", ..." if len(words) > 12 else "")
    there_is = f"there is: {shown}." if words else "there is none yet."
    return f"did you mean `{close[0]}`? T{there_is[1:]}" if close else there_is
