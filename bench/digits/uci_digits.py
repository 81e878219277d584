"""Writes digits that are not MNIST's as PNG files: `<number>-<digit>.png` in the given folder.

The 1,797 test digits of "Optical Recognition of Handwritten Digits" (E. Alpaydin and C. Kaynak, UCI
Machine Learning Repository no. 80, CC BY 4.0), as scikit-learn ships them: 8 x 8 pixels from 0 to 16,
light on dark. `cargo xtask bench digits` runs this where Python has scikit-learn.
"""

import pathlib
import struct
import sys
import zlib

SCALE = 8  # Pixels of the picture to one of the data set, a side.


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(rows):
    """A grey PNG file of rows of bytes."""
    header = struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, 0, 0, 0, 0)
    data = zlib.compress(b"".join(b"\0" + row for row in rows))
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def between(image, place):
    """The value at a place between pixels, bilinear; each pixel is at its centre."""
    side = len(image)
    low, parts = [], []
    for coordinate in place:
        coordinate = min(max((coordinate + 0.5) / SCALE - 0.5, 0), side - 1)
        low.append(min(int(coordinate), side - 2))
        parts.append(coordinate - low[-1])
    (y, x), (down, across) = low, parts
    upper = image[y][x] * (1 - across) + image[y][x + 1] * across
    lower = image[y + 1][x] * (1 - across) + image[y + 1][x + 1] * across
    return upper * (1 - down) + lower * down


def main():
    try:
        from sklearn.datasets import load_digits
    except ImportError:
        sys.exit("scikit-learn is not installed")
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    digits = load_digits()
    for number, (image, digit) in enumerate(zip(digits.images.tolist(), digits.target)):
        side = range(SCALE * len(image))
        rows = [bytes(round(between(image, (y, x)) * 255 / 16) for x in side) for y in side]
        # A margin of paper, as a picture has.
        margin = 2 * SCALE
        blank = bytes(len(rows) + 2 * margin)
        rows = [blank] * margin + [bytes(margin) + row + bytes(margin) for row in rows]
        rows += [blank] * margin
        (folder / f"{number:04}-{digit}.png").write_bytes(png(rows))


main()
