"""The YAML file of a dataset, as its writer meant it, and never larger than it looks.

YAML 1.1 reads `no` as False, `010` as 8 and `2024-01-01` as a date. Classes and paths are called
so, too: they stay the text that stands there. Aliases are bounded, since a few of them, nested,
become more values than any memory holds.
"""

from pathlib import Path
from typing import Any

import yaml

from samplewise.errors import FormatError
from samplewise.formats._image_files import is_text
from samplewise.formats._label_file import read_label_file

_LIMIT = 16 << 20  # bytes; Python reads YAML slowly, and in a hundred times its size
_DEEPEST = 16
_MOST_VALUES = 1_000_000
_NUMBERS = frozenset(("nc", "kpt_shape", "flip_idx"))
_NULL = "tag:yaml.org,2002:null"
_PLAIN = "tag:yaml.org,2002:"


def read_yaml(file: Path) -> dict[str, Any]:
    """The document as JSON values: texts, but for `nc`, `kpt_shape` and `flip_idx`.

    Raises:
        FormatError: The file is missing, too large, no YAML, or no mapping; names a key twice; is
            nested too deeply, refers to itself, or becomes too much by its aliases.
    """
    data = read_label_file(file, _LIMIT)
    try:
        loader = _Loader(data.decode("utf-8-sig"))
        node = loader.get_single_node()
    except UnicodeDecodeError as error:
        raise FormatError(f"`{file}` must be text in UTF-8, but is not: {error}.") from None
    except yaml.YAMLError as error:
        where = getattr(error, "problem_mark", None)
        line = "" if where is None else f" at line {where.line + 1}"
        what = getattr(error, "problem", None) or getattr(error, "reason", "it cannot be parsed")
        raise FormatError(f"`{file}` must be YAML, but {what}{line}.") from None
    if not isinstance(node, yaml.MappingNode):
        kinds = {yaml.SequenceNode: "a sequence", yaml.ScalarNode: "a scalar"}
        kind = kinds.get(type(node), "empty")
        raise FormatError(
            f"`{file}` must be a YAML mapping with `train`, `val` and `names`, but is {kind}."
        )
    return _YamlReading(file, loader).document(node)


class _Loader(yaml.SafeLoader):
    """Composes nodes, within bounds, and makes no values of them."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._open: list[str | None] = []

    def compose_node(self, parent: Any, index: Any) -> Any:
        """The next node, unless it lies too deep or within itself."""
        event = self.peek_event()
        anchor = getattr(event, "anchor", None)
        if isinstance(event, yaml.AliasEvent) and anchor in self._open:
            raise yaml.MarkedYAMLError(problem="it refers to itself", problem_mark=event.start_mark)
        if len(self._open) >= _DEEPEST:
            problem = f"it is nested more than {_DEEPEST} deep"
            raise yaml.MarkedYAMLError(problem=problem, problem_mark=event.start_mark)
        self._open.append(anchor)
        try:
            return super().compose_node(parent, index)
        finally:
            self._open.pop()


class _YamlReading:
    """From nodes to values; counts them, since nodes behind aliases come again and again."""

    def __init__(self, file: Path, loader: _Loader) -> None:
        self._file = file
        self._loader = loader
        self._count = 0

    def document(self, node: yaml.MappingNode) -> dict[str, Any]:
        """The whole file."""
        return {
            key: self._parse_number(value) if key in _NUMBERS else self._text(value)
            for key, value in self._items(node)
        }

    def _text(self, node: yaml.Node, *, is_name: bool = False) -> Any:
        """Texts as they stand there; outside of names, nothing and `null` are None."""
        self._add(node)
        if isinstance(node, yaml.MappingNode):
            return {key: self._text(value, is_name=True) for key, value in self._items(node)}
        if isinstance(node, yaml.SequenceNode):
            return [self._text(value, is_name=True) for value in node.value]
        return None if node.tag == _NULL and not is_name else node.value

    def _parse_number(self, node: yaml.Node) -> Any:
        self._add(node)
        try:
            return self._loader.construct_object(node, deep=True)
        except (yaml.YAMLError, ValueError, OverflowError, RecursionError) as error:
            reason = getattr(error, "problem", None) or error
            raise self._error(node, str(reason)) from None

    def _items(self, node: yaml.MappingNode) -> list[tuple[str, yaml.Node]]:
        self._add(node)
        self._loader.flatten_mapping(node)
        found: dict[str, yaml.Node] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode) or not is_text(key.value):
                raise self._error(key, "a key is no text or number")
            if key.value in found:
                raise self._error(key, f"`{key.value}` is there twice")
            found[key.value] = value
        return list(found.items())

    def _add(self, node: yaml.Node) -> None:
        self._count += 1
        if isinstance(node, yaml.ScalarNode) and not is_text(node.value):
            raise self._error(node, "a text has half a character")
        if self._count > _MOST_VALUES:
            raise self._error(node, f"it becomes more than {_MOST_VALUES:,} values by its aliases")
        if not str(node.tag).startswith(_PLAIN) or "python/" in str(node.tag):
            raise self._error(node, f"the tag `{node.tag}` says to make an object of it")

    def _error(self, node: yaml.Node, reason: str) -> FormatError:
        return FormatError(
            f"`{self._file}` must be plain YAML, but {reason}, at line {node.start_mark.line + 1}."
        )
