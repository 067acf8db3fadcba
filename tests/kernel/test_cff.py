"""The outlines of the glyphs a paper shows: the same shapes, widths and text, without the rest of the face."""

import io

import pypdf
import pytest
from fontTools.cffLib import CFFFontSet
from fontTools.pens.recordingPen import RecordingPen
from fontTools.ttLib import TTFont

from appraisal_portal.kernel import fonts
from appraisal_portal.kernel.rendering import cff
from appraisal_portal.kernel.rendering import pdf as rendering

NAME = "叶𠮷䶮A1"


def test_each_glyph_keeps_number_shape_and_width():
    data = rendering.render_pdf("documents/receipt.html", {"title": NAME, "office": NAME})
    reader = pypdf.PdfReader(io.BytesIO(data))
    [font] = reader.pages[0]["/Resources"]["/Font"].values()
    descendant = font["/DescendantFonts"][0]
    program = descendant["/FontDescriptor"]["/FontFile3"]
    assert program["/Subtype"] == "/CIDFontType0C"
    assert len(program._data) < 40_000
    cut = CFFFontSet()
    cut.decompile(io.BytesIO(program.get_data()), None)
    [top] = [cut[0]]
    widths, listed = {}, list(descendant["/W"])
    for first, some in zip(listed[::2], listed[1::2], strict=True):
        widths |= {int(first) + place: float(width) for place, width in enumerate(some)}
    with TTFont(fonts.font_path(), fontNumber=2, lazy=True) as whole:
        cmap, glyphs = whole.getBestCmap(), whole.getGlyphSet()
        for character in NAME:
            name = cmap[ord(character)]
            number = whole.getGlyphID(name)
            ours, theirs = RecordingPen(), RecordingPen()
            shape = top.CharStrings[f"cid{number:05d}"]
            shape.draw(ours)
            glyphs[name].draw(theirs)
            assert ours.value == theirs.value
            assert shape.width == widths[number] == glyphs[name].width
    assert NAME in reader.pages[0].extract_text()


def test_characters_without_a_drawing_leave_no_box():
    text = "a\u200bb\ufe0f叶\U000e0100城\tx\u2028y\u00ad-\u200e"
    data = rendering.render_pdf("documents/receipt.html", {"title": text, "office": NAME})
    [font] = pypdf.PdfReader(io.BytesIO(data)).pages[0]["/Resources"]["/Font"].values()
    cut = CFFFontSet()
    cut.decompile(io.BytesIO(font["/DescendantFonts"][0]["/FontDescriptor"]["/FontFile3"].get_data()), None)
    listed = list(font["/DescendantFonts"][0]["/W"])
    used = {
        int(first) + place for first, some in zip(listed[::2], listed[1::2], strict=True) for place in range(len(some))
    }
    assert {f"cid{number:05d}" for number in used} <= set(cut[0].charset)


def test_a_face_of_another_build_is_left_to_weasyprint():
    face = bytearray(fonts.simplified_chinese_face())
    at = face.index(b"CFF ")
    face[at : at + 4] = b"CFF2"
    with pytest.raises(cff.OtherFace):
        cff.Face(bytes(face))
