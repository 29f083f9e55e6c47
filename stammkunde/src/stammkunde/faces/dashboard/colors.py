"""Colors of a shop's brand, moved in lightness until everything written in or on them can be read."""

from __future__ import annotations

import colorsys
from dataclasses import dataclass

RGB = tuple[float, float, float]
# WCAG 2.2: text against its ground, and the lines of what can be clicked.
TEXT_CONTRAST = 4.5
STEPS = 100
LIGHT_GROUND = "#f4f5f6"
DARK_GROUND = "#22262b"
WHITE = "#ffffff"
BLACK = "#101214"


@dataclass(frozen=True)
class Palette:
    """What is made of one color on one ground.

    Parameters
    ----------
    accent
        For links, buttons and marks: readable on the ground.
    on_accent
        For words on it.
    hover
        The accent under the pointer, still readable below `on_accent`.
    soft
        For grounds that only hint at it.
    """

    accent: str
    on_accent: str
    hover: str
    soft: str


def light(brand: str) -> Palette:
    """Return the palette on light pages.

    >>> light("#ffee00").accent, light("#0f766e").accent
    ('#7a7200', '#0f766e')
    """
    accent = _readable(brand, against=LIGHT_GROUND, towards=0.0)
    return Palette(accent, _on(accent), _mixed(accent, BLACK, 0.18), _mixed(accent, WHITE, 0.9))


def dark(brand: str) -> Palette:
    """Return the palette on dark pages.

    >>> dark("#0f766e").on_accent
    '#101214'
    """
    accent = _readable(brand, against=DARK_GROUND, towards=1.0)
    return Palette(
        accent, _on(accent), _mixed(accent, WHITE, 0.2), _mixed(accent, DARK_GROUND, 0.84)
    )


def contrast(one: str, other: str) -> float:
    """Return the ratio of two colors' luminance, 1 to 21 (WCAG 2.2, 1.4.3).

    >>> contrast("#000000", "#ffffff")
    21.0
    """
    bright, dim = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def _readable(color: str, *, against: str, towards: float) -> str:
    hue, lightness, saturation = colorsys.rgb_to_hls(*_parsed(color))
    for step in range(STEPS + 1):
        moved = lightness + (towards - lightness) * step / STEPS
        found = _written(colorsys.hls_to_rgb(hue, moved, saturation))
        if contrast(found, against) >= TEXT_CONTRAST:
            return found
    raise AssertionError("Black and white can be read on any ground that is asked for here.")


def _on(accent: str) -> str:
    return max((WHITE, BLACK), key=lambda words: contrast(words, accent))


def _mixed(color: str, other: str, share: float) -> str:
    pairs = zip(_parsed(color), _parsed(other), strict=True)
    red, green, blue = (a * (1 - share) + b * share for a, b in pairs)
    return _written((red, green, blue))


def _luminance(color: str) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in _parsed(color)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _parsed(color: str) -> RGB:
    red, green, blue = (int(color[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return red, green, blue


def _written(rgb: RGB) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in rgb)
