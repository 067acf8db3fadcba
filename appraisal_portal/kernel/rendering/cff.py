"""The outlines of the glyphs a paper shows, out of our faces, without cutting a face for each paper.

WeasyPrint cuts a face of 65,000 glyphs for every document: 45 ms of 100, and the cut file still carries 63,000 empty
places, for it keeps the glyphs' numbers. A CID-keyed face names each glyph's number in its charset, as PDF has always
had it (ISO 32000-1, 9.7.4.2): the glyphs follow each other, and the numbers stay. So a face is read once per process
and each glyph once; a paper is given those it uses. The number of a glyph is its place in the face, which is what
WeasyPrint writes, whatever the face's own charset calls it. The format is Adobe Technical Note #5176, "The Compact
Font Format".
"""

import bisect
import io
import struct
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fontTools.pens.basePen import NullPen
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.ttLib import TTFont

_CHARSET, _CHARSTRINGS, _PRIVATE, _SUBRS = b"\x0f", b"\x11", b"\x12", b"\x13"
_ROS, _FD_ARRAY, _FD_SELECT = b"\x0c\x1e", b"\x0c\x24", b"\x0c\x25"
_INTEGER = 29  # an operand of four octets, whatever its value: the length of a dictionary is known before its offsets


class OtherFace(ValueError):
    """A face of another build; WeasyPrint cuts and embeds it."""


class Face:
    """An OpenType face read once. Raises OtherFace when it is no CID-keyed one."""

    def __init__(self, otf: bytes) -> None:
        self.otf = otf
        cff = _table(otf, b"CFF ")
        self._names, at = _index(cff, cff[2])
        tops, at = _index(cff, at)
        self._strings, _end = _index(cff, at)
        self._top = _dictionary(tops[0])
        if next(iter(self._top)) != _ROS or len(tops) != 1:
            raise OtherFace("not CID-keyed")
        self._count = _Places(cff, _offset(self._top, _CHARSTRINGS)).count
        fonts, _end = _index(cff, _offset(self._top, _FD_ARRAY))
        self._parts = [_dictionary(font) for font in fonts]
        self._privates = []
        for part in self._parts:
            size, place = (_integer(operand) for operand in part[_PRIVATE])
            private = _dictionary(cff[place : place + size])
            self._privates.append(_written({key: value for key, value in private.items() if key != _SUBRS}))
        self._select = _selector(cff, _offset(self._top, _FD_SELECT))
        read = TTFont(io.BytesIO(otf), lazy=True)["CFF "].cff[0]
        self._glyphs, self._called = read.CharStrings, read.charset
        self._shapes: dict[int, bytes] = {}

    def outlines(self, glyphs: Sequence[int]) -> bytes:
        """The bare CFF with these glyphs (ascending; .notdef comes by itself, and for a number the face does not have),
        each under its number."""
        kept = [0, *(glyph for glyph in glyphs if 0 < glyph < self._count)]
        charset = b"\x00" + struct.pack(f">{len(kept) - 1}H", *kept[1:])
        selects = [self._select(glyph) for glyph in kept]
        parts = sorted(set(selects))  # of eighteen few are used
        fonts, privates = [self._parts[part] for part in parts], [self._privates[part] for part in parts]
        selected = b"\x00" + bytes(parts.index(part) for part in selects)
        shapes = _packed([self._shape(glyph) for glyph in kept])

        def laid(offsets: Mapping[bytes, Sequence[int]], places: Sequence[int]) -> list[bytes]:
            head = b"\x01\x00\x04\x04" + _packed(self._names) + _packed([_written({**self._top, **_numbers(offsets)})])
            head += _packed(self._strings) + _packed([])
            array = [
                _written({**part, **_numbers({_PRIVATE: (len(private), place)})})
                for part, private, place in zip(fonts, privates, places, strict=True)
            ]
            return [head, charset, selected, shapes, _packed(array), *privates]

        # Offsets are written with a fixed length: laid out once with noughts, their places are known.
        keys = (_CHARSET, _FD_SELECT, _CHARSTRINGS, _FD_ARRAY)
        blocks = laid(dict.fromkeys(keys, (0,)), [0] * len(parts))
        begins = [0]
        for block in blocks:
            begins.append(begins[-1] + len(block))
        offsets = {key: (place,) for key, place in zip(keys, begins[1:5], strict=True)}
        return b"".join(laid(offsets, begins[5:-1]))

    def _shape(self, glyph: int) -> bytes:
        """One glyph's drawing by itself: without the subroutines it shares and the hints no paper needs."""
        if glyph not in self._shapes:
            drawing = self._glyphs[self._called[glyph]]
            drawing.draw(NullPen())  # tells its width
            private = drawing.private
            width = None if drawing.width == private.defaultWidthX else drawing.width - private.nominalWidthX
            pen = T2CharStringPen(width, None)
            drawing.draw(pen)
            alone = pen.getCharString(private)
            alone.compile()
            self._shapes[glyph] = alone.bytecode
        return self._shapes[glyph]


_faces: list[Face] = []  # of this process: our two, unless a document brings a face of its own


class Uncut(dict[Any, Any]):
    """The fonts of a document while WeasyPrint draws it: a face that was read stays whole, for `finish` to replace."""

    def __setitem__(self, key: Any, font: Any) -> None:
        if _read(font.file_content):
            font.subset = lambda *_what: None
        super().__setitem__(key, font)


def _read(otf: bytes) -> Face | None:
    """The face of these octets, when it is of the build this module knows."""
    for face in _faces:
        if face.otf == otf:
            return face
    try:
        _faces.append(Face(otf))
    except OtherFace:
        return None
    return _faces[-1]


def finish(_document: Any, pdf: Any) -> None:
    """WeasyPrint's hook before writing: instead of each face that was left whole, the outlines of its glyphs used."""
    by_number = {item.number: item for item in pdf.objects if hasattr(item, "number")}

    def of(reference: bytes) -> Any:
        return by_number[int(reference.split()[0])]

    used: dict[int, set[int]] = {}
    streams: dict[int, Any] = {}
    for item in pdf.objects:
        if not (isinstance(item, dict) and "FontDescriptor" in item and "W" in item):
            continue
        descriptor = of(item["FontDescriptor"])
        if "FontFile3" in descriptor:
            stream = of(descriptor["FontFile3"])
            streams[stream.number] = stream
            used.setdefault(stream.number, set()).update(_listed(item["W"]))
    for number, stream in streams.items():
        if face := next((face for face in _faces if face.otf == stream.stream[0]), None):
            stream.stream = [face.outlines(sorted(used[number]))]
            stream.extra["Subtype"] = "/CIDFontType0C"


def _listed(widths: Sequence[Any]) -> Iterator[int]:
    """The glyph numbers of a /W array: first number and list of widths, in turns."""
    for first, some in zip(widths[::2], widths[1::2], strict=True):
        yield from range(first, first + len(some))


def _table(otf: bytes, tag: bytes) -> bytes:
    for place in range(12, 12 + 16 * struct.unpack_from(">H", otf, 4)[0], 16):
        if otf[place : place + 4] == tag:
            begin, length = struct.unpack_from(">II", otf, place + 8)
            return otf[begin : begin + length]
    raise OtherFace("no outlines of this format")


class _Places:
    """An INDEX of which few entries are read."""

    def __init__(self, cff: bytes, at: int) -> None:
        self._cff, self._at = cff, at
        self.count, self._size = struct.unpack_from(">HB", cff, at) if cff[at : at + 2] != b"\0\0" else (0, 1)

    def _offset(self, place: int) -> int:
        begin = self._at + 3 + place * self._size
        return int.from_bytes(self._cff[begin : begin + self._size], "big")

    @property
    def _data(self) -> int:
        return self._at + 2 + (self.count + 1) * self._size

    def __getitem__(self, place: int) -> bytes:
        return self._cff[self._data + self._offset(place) : self._data + self._offset(place + 1)]

    @property
    def end(self) -> int:
        return self._data + self._offset(self.count) if self.count else self._at + 2


def _index(cff: bytes, at: int) -> tuple[list[bytes], int]:
    """All entries of an INDEX, and where it ends."""
    places = _Places(cff, at)
    return [places[place] for place in range(places.count)], places.end


def _packed(entries: Sequence[bytes]) -> bytes:
    """An INDEX of these entries."""
    if not entries:
        return b"\0\0"
    offsets = [1]
    for entry in entries:
        offsets.append(offsets[-1] + len(entry))
    size = (offsets[-1].bit_length() + 7) // 8
    table = b"".join(offset.to_bytes(size, "big") for offset in offsets)
    return struct.pack(">HB", len(entries), size) + table + b"".join(entries)


def _dictionary(data: bytes) -> dict[bytes, list[bytes]]:
    """Operator → operands, each as it was written."""
    found: dict[bytes, list[bytes]] = {}
    operands: list[bytes] = []
    at = 0
    while at < len(data):
        first = data[at]
        if first <= 21:
            length = 2 if first == 12 else 1
            found[data[at : at + length]] = operands
            operands = []
        else:
            length = _length(data, at)
            operands.append(data[at : at + length])
        at += length
    return found


def _length(data: bytes, at: int) -> int:
    first = data[at]
    if first == 30:  # a decimal fraction, ended by the nibble f
        end = at + 1
        while data[end] & 0x0F != 0x0F and data[end] >> 4 != 0x0F:
            end += 1
        return end + 1 - at
    return {28: 3, _INTEGER: 5}.get(first, 2 if first >= 247 else 1)


def _integer(operand: bytes) -> int:
    first = operand[0]
    if first == 28:
        return int.from_bytes(operand[1:], "big", signed=True)
    if first == _INTEGER:
        return int.from_bytes(operand[1:], "big", signed=True)
    if first >= 251:
        return -(first - 251) * 256 - operand[1] - 108
    if first >= 247:
        return (first - 247) * 256 + operand[1] + 108
    return first - 139


def _offset(top: Mapping[bytes, Sequence[bytes]], key: bytes) -> int:
    if key not in top:
        raise OtherFace("incomplete")
    return _integer(top[key][0])


def _numbers(values: Mapping[bytes, Sequence[int]]) -> dict[bytes, list[bytes]]:
    return {key: [struct.pack(">Bi", _INTEGER, value) for value in some] for key, some in values.items()}


def _written(dictionary: Mapping[bytes, Sequence[bytes]]) -> bytes:
    return b"".join(b"".join(operands) + operator for operator, operands in dictionary.items())


def _selector(cff: bytes, at: int) -> Any:
    """Which of the parts of the face a glyph belongs to (FDSelect of format 0 or 3)."""
    if cff[at] == 0:
        return lambda glyph: cff[at + 1 + glyph]
    if cff[at] != 3:
        raise OtherFace("unknown selection of parts")
    ranges = [struct.unpack_from(">HB", cff, at + 3 + 3 * n) for n in range(struct.unpack_from(">H", cff, at + 1)[0])]
    firsts = [first for first, _part in ranges]
    return lambda glyph: ranges[bisect.bisect_right(firsts, glyph) - 1][1]
