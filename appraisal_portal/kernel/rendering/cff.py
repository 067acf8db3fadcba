"""The outlines of a cut face without the places of the glyphs that were cut out.

WeasyPrint keeps the glyphs' numbers when it cuts a face, so that a sheet of 180 characters carries 63,000 places:
140 kB packed of 160, and most of the time of packing. A CID-keyed face names each glyph's number in its charset, as
PDF has always had it (ISO 32000-1, 9.7.4.2): the glyphs follow each other, and the numbers stay. The format is Adobe
Technical Note #5176, "The Compact Font Format".
"""

import bisect
import struct
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_CHARSET, _CHARSTRINGS, _PRIVATE, _SUBRS = b"\x0f", b"\x11", b"\x12", b"\x13"
_ROS, _FD_ARRAY, _FD_SELECT = b"\x0c\x1e", b"\x0c\x24", b"\x0c\x25"
_INTEGER = 29  # an operand of four octets, whatever its value: the length of a dictionary is known before its offsets


class OtherFace(ValueError):
    """A face of another build; it is embedded as it is."""


def finish(_document: Any, pdf: Any) -> None:
    """WeasyPrint's hook before writing: replace each embedded OpenType face by its outlines, glyph by glyph used."""
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
        try:
            stream.stream = [outlines(b"".join(stream.stream), sorted(used[number]))]
        except OtherFace:
            continue
        stream.extra["Subtype"] = "/CIDFontType0C"


def _listed(widths: Sequence[Any]) -> Iterator[int]:
    """The glyph numbers of a /W array: first number and list of widths, in turns."""
    for first, some in zip(widths[::2], widths[1::2], strict=True):
        yield from range(first, first + len(some))


def outlines(otf: bytes, glyphs: Sequence[int]) -> bytes:
    """The bare CFF of an OpenType file with these glyphs (ascending; .notdef comes by itself), each under its number.

    Raises OtherFace when the file is no CID-keyed face whose numbers are its glyphs' places.
    """
    cff = _table(otf, b"CFF ")
    names, at = _index(cff, cff[2])
    tops, at = _index(cff, at)
    strings, at = _index(cff, at)
    subroutines, _end = _index(cff, at)
    top = _dictionary(tops[0])
    if next(iter(top)) != _ROS or len(tops) != 1:
        raise OtherFace("not CID-keyed")
    charstrings = _Places(cff, _offset(top, _CHARSTRINGS))
    # Format 2, one range from 1 to the end: number and place are the same.
    if struct.unpack_from(">BHH", cff, _offset(top, _CHARSET)) != (2, 1, charstrings.count - 2):
        raise OtherFace("numbers are not places")
    kept = [0, *(glyph for glyph in glyphs if glyph)]
    fonts, _end = _index(cff, _offset(top, _FD_ARRAY))
    parts = [_dictionary(font) for font in fonts]
    privates = []
    for part in parts:
        size, place = (_integer(operand) for operand in part[_PRIVATE])
        privates.append(cff[place : place + size])
        if _SUBRS in _dictionary(privates[-1]):
            raise OtherFace("outlines share subroutines")
    select = _selector(cff, _offset(top, _FD_SELECT))
    charset = b"\x00" + struct.pack(f">{len(kept) - 1}H", *kept[1:])
    selected = b"\x00" + bytes(select(glyph) for glyph in kept)
    shapes = _packed([charstrings[glyph] for glyph in kept])

    def laid(offsets: Mapping[bytes, Sequence[int]], places: Sequence[int]) -> list[bytes]:
        head = b"\x01\x00\x04\x04" + _packed(names) + _packed([_written({**top, **_numbers(offsets)})])
        head += _packed(strings) + _packed(subroutines)
        array = [
            _written({**part, **_numbers({_PRIVATE: (len(private), place)})})
            for part, private, place in zip(parts, privates, places, strict=True)
        ]
        return [head, charset, selected, shapes, _packed(array), *privates]

    # Offsets are written with a fixed length: laid out once with noughts, their places are known.
    keys = (_CHARSET, _FD_SELECT, _CHARSTRINGS, _FD_ARRAY)
    blocks = laid(dict.fromkeys(keys, (0,)), [0] * len(privates))
    begins = [0]
    for block in blocks:
        begins.append(begins[-1] + len(block))
    offsets = {key: (place,) for key, place in zip(keys, begins[1:5], strict=True)}
    return b"".join(laid(offsets, begins[5:-1]))


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
