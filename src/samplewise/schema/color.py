"""Colours: `#rrggbb` in schemas, red, green and blue of 0 to 255 in pictures."""

import colorsys

from samplewise.errors import InvalidArgumentError

Rgb = tuple[int, int, int]


def rgb_of(color: str) -> Rgb:
    """Red, green and blue of `#rrggbb`.

    Raises:
        InvalidArgumentError: It is not such a text.
    """
    digits = color.removeprefix("#")
    try:
        if len(digits) == 6:
            red, green, blue = bytes.fromhex(digits)
            return red, green, blue
    except ValueError:
        pass
    raise InvalidArgumentError(f"`color` must be like '#ff8800', but is {color!r}.")


def hex_of(rgb: Rgb) -> str:
    """`#rrggbb` of red, green and blue."""
    return "#" + bytes(rgb).hex()


def rainbow(count: int) -> list[str]:
    """So many colours, `#rrggbb`, that are as different as their number allows."""
    shades = [colorsys.hsv_to_rgb(number / max(count, 1), 0.85, 1.0) for number in range(count)]
    return [hex_of((round(r * 255), round(g * 255), round(b * 255))) for r, g, b in shades]
