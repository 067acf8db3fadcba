"""The outlines of a cut face: the same shapes, widths and text, without the places of glyphs that are not there."""

import io

import pypdf
from fontTools.cffLib import CFFFontSet
from fontTools.pens.recordingPen import RecordingPen
from fontTools.ttLib import TTFont

from appraisal_portal.kernel import fonts
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
