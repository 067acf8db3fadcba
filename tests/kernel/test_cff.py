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


LETTER = '<html lang="zh-Hans"><body><p style="font-family: {family}">{text}</p></body></html>'
STYLE = 'html { font-family: "Portal Face"; } @font-face { font-family: "Portal Serif"; src: url("asset:serif"); }'


@pytest.mark.parametrize(
    ("family", "text", "whole"),
    [
        ("Portal Face", "叶𠮷䶮A1", lambda: TTFont(fonts.font_path(), fontNumber=2, lazy=True)),
        # Its own numbers leave gaps: it was cut from a larger face by those who publish it.
        ("Portal Serif", "叶鿎䶮A1", lambda: TTFont(io.BytesIO(fonts.serif_face()), lazy=True)),
    ],
)
def test_each_glyph_keeps_number_shape_and_width(settings, tmp_path, family, text, whole):
    (tmp_path / "letter.html").write_text(LETTER.format(family=family, text=text), encoding="utf-8")
    (tmp_path / "letter.css").write_text(STYLE, encoding="utf-8")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}]
    data = rendering.render_pdf("letter.html", {}, stylesheets=["letter.css"])
    reader = pypdf.PdfReader(io.BytesIO(data))
    [font] = [
        font
        for font in reader.pages[0]["/Resources"]["/Font"].values()
        if font["/BaseFont"].endswith(family.replace(" ", "-"))
    ]
    descendant = font["/DescendantFonts"][0]
    program = descendant["/FontDescriptor"]["/FontFile3"]
    assert program["/Subtype"] == "/CIDFontType0C"
    assert len(program._data) < 3_000
    cut = CFFFontSet()
    cut.decompile(io.BytesIO(program.get_data()), None)
    [top] = [cut[0]]
    widths, listed = {}, list(descendant["/W"])
    for first, some in zip(listed[::2], listed[1::2], strict=True):
        widths |= {int(first) + place: float(width) for place, width in enumerate(some)}
    with whole() as face:
        cmap, glyphs = face.getBestCmap(), face.getGlyphSet()
        for character in text:
            name = cmap[ord(character)]
            number = face.getGlyphID(name)
            ours, theirs = RecordingPen(), RecordingPen()
            shape = top.CharStrings[f"cid{number:05d}"]
            shape.draw(ours)
            glyphs[name].draw(theirs)
            assert ours.value == theirs.value
            assert shape.width == widths[number] == glyphs[name].width
    assert text in reader.pages[0].extract_text()


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
