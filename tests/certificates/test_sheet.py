"""How a certificate looks: which face says what, where the longest values stand, that the same words give the same
file."""

import io

import pypdf
import pytest

from appraisal_portal.home.story.people import photo_jpeg
from appraisal_portal.kernel import fonts, signing
from appraisal_portal.kernel.names import MAX_LENGTH as LONGEST_NAME
from appraisal_portal.kernel.rendering import MissingGlyph
from certificates.services import issuing, lines
from certificates.views import sheet

PRINTED = {
    "source": "issued", "name": "叶青松", "id_masked": "331102********001X", "employer": "丽水市林业科学研究院",
    "title": "高级工程师", "specialty": "森林培育", "level": "副高级",
    "committee": "丽水市林业工程技术人员高级职务评审委员会", "qualified_on": "2026-05-20",
    "document_number": "丽人社〔2026〕1号", "number": "3311002026310510900001", "issuing_body": "丽水市人力社保局",
    "issued_on": "2026-05-29", "signed_by": "演示电子签章",
}  # fmt: skip
TOKEN = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
MILLIMETRE = 72 / 25.4


@pytest.fixture(scope="module")
def photo():
    return photo_jpeg(1)


def drawn(photo, **changed):
    return issuing.draw({**PRINTED, **changed}, photo, token=TOKEN, code="AB2CD3", seal=None)


def pieces(data):
    """(text without blanks, face, size in points, millimetres from the top) of what is written on the one page; places
    within drawings (title, mark, watermark) are their own."""
    [page] = pypdf.PdfReader(io.BytesIO(data)).pages
    found = []

    def note(text, around, own, font, size):
        if text.strip() and font:
            scale = abs(own[3] * around[3])
            height = float(page.mediabox.height) - (own[5] * around[3] + around[5])
            found.append(("".join(text.split()), font["/BaseFont"].split("+")[1], size * scale, height / MILLIMETRE))

    page.extract_text(visitor_text=note)
    return found


def faces(data, *texts):
    """Of each of these texts, which stand on one line each."""
    found = {}
    for text, face, _size, _top in pieces(data):
        found.setdefault(text, set()).add(face)
    return [found["".join(text.split())] for text in texts]


def test_what_it_says_stands_in_the_serif_face_and_what_is_printed_around_in_the_other(photo):
    data, said = drawn(photo), list(lines.lines(PRINTED))
    says = (*(line.value for line in said), lines.SAYS["issued"], PRINTED["issuing_body"], "专业技术职务任职资格")
    assert faces(data, *says) == [{"Portal-Serif"}] * 13
    around = (*(line.english for line in said), "身份证件号", "取得时间", "证书编号", "扫码查验", "AB2CD3")
    assert faces(data, *around) == [{"Portal-Face"}] * 15


def test_a_name_with_a_rare_character_is_drawn_in_one_face(photo):
    assert fonts.serif_draws("王䶮")
    assert not fonts.serif_draws("王𠮷䶮")
    data = drawn(photo, name="王𠮷䶮")
    assert faces(data, "王𠮷䶮", PRINTED["employer"]) == [{"Portal-Face"}, {"Portal-Serif"}]


def test_a_character_the_sans_face_lacks_stops_it_also_where_the_serif_face_has_it(photo):
    known = fonts.drawable()
    only_serif = next(chr(code) for code in range(0x4DB6, 0xA000) if code not in known and fonts.serif_draws(chr(code)))
    for character in ("\U0002a6d6", only_serif):
        with pytest.raises(MissingGlyph, match=f"U\\+{ord(character):04X}"):
            drawn(photo, name=f"王{character}")


@pytest.mark.parametrize("source", ["issued", "exam", "archive"])
def test_the_longest_values_keep_their_place(photo, source):
    """Names of 50 characters, units and committees of 100: every line below the one before, none in the sentence."""
    longest = {
        "name": "阿" * LONGEST_NAME, "employer": "丽" * 100, "committee": "农" * 100, "title": "师" * 60,
        "specialty": "林" * 50, "document_number": "W" * 40,
    }  # fmt: skip
    found = pieces(drawn(photo, source=source, **longest))
    table, tops = [piece for piece in found if piece[2] > 7.5 and piece[3] < 190], []
    for line in lines.lines({**PRINTED, "source": source, **longest}):
        here = [(text, top) for text, _face, _size, top in table if set(text) <= set(line.value)]
        assert len("".join(text for text, _top in here)) == len("".join(line.value.split()))
        tops.append((min(top for _text, top in here), max(top for _text, top in here)))
    assert all(above[1] + 2 < below[0] for above, below in zip(tops, tops[1:], strict=False))
    [says] = [top for text, _face, _size, top in found if text == lines.SAYS[source]]
    assert tops[-1][1] + 8 < says < 199  # where the mark begins
    assert max(top for *_rest, top in found if top < 297) < 281  # the frame's inner line is at 285


def test_a_sheet_with_long_names_of_bodies_stays_small(photo):
    """A person of a minority, a unit of 24 and a committee of 23 characters: photo and at most 60 kB, signed."""
    data = drawn(
        photo, name="阿卜杜热合曼·买买提", employer="浙江省丽水市莲都区农业技术推广中心植物保护检疫站", title="工程师",
        committee="丽水市农业工程技术人员中级职务任职资格评审委员会", specialty="农业机械化与自动化",
    )  # fmt: skip
    assert len(signing.sign(data)) <= len(photo) + 60 * 1024


def test_an_ordinary_value_is_large_and_a_long_one_smaller():
    style = {
        text: lines.Line("employer", "", "", text).style
        for text in ("丽" * 17, "丽" * 18, "丽" * 21, "丽" * 45, "丽" * 77)
    }
    assert list(style.values()) == ["whole", "tight", "two", "three sans", "four sans"]
    assert lines.Line("name", "", "", "阿卜杜热合曼·买买提").style == "name"
    assert lines.Line("name", "", "", "阿卜杜热合曼·买买提·艾力").style == "whole"


def test_the_same_words_give_the_same_file(photo):
    assert drawn(photo) == drawn(photo)


def test_the_drawing_for_the_holder_writes_a_long_value_in_two_lines():
    unit = "丽水市莲都区碧湖平原农村水利水电工程建设管理服务中心"
    written = {row.english: row for row in sheet.rows({**PRINTED, "employer": unit})}
    long, short = written["Work unit"], written["Title"]
    assert [piece for _y, piece in long.pieces] == [unit[:13], unit[13:]]
    assert all(long.top < y < long.line_y for y, _piece in long.pieces)
    assert 10 < long.size < short.size
    assert [piece for _y, piece in short.pieces] == ["高级工程师"]
