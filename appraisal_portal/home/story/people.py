"""Synthetic people: the same seed gives the same name, valid ID number, portrait and papers on every machine."""

import datetime as dt
import functools
import io
import random
import zlib
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

from appraisal_portal.accounts.models import Person, User
from appraisal_portal.accounts.services import grant
from appraisal_portal.kernel import fonts, identity, references

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢"
    "钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛雷蓝季练阙项毛"
)
DOUBLE_SURNAMES = ("欧阳", "诸葛", "上官", "司徒")
MALE_GIVEN = [
    "建国",
    "志强",
    "伟民",
    "晓东",
    "海峰",
    "永康",
    "立新",
    "文斌",
    "俊杰",
    "浩然",
    "宏伟",
    "国平",
    "振华",
    "明远",
    "子轩",
    "家豪",
    "学军",
    "祖耀",
    "承志",
    "景行",
    "剑锋",
    "瓯江",
    "云松",
    "长青",
    "斌",
    "磊",
    "涛",
    "勇",
    "超",
    "毅",
    "帆",
    "旭",
    "凯",
    "翔",
]
FEMALE_GIVEN = [
    "秀英",
    "丽华",
    "晓燕",
    "雪梅",
    "海燕",
    "雅琴",
    "慧敏",
    "淑芬",
    "文静",
    "佳怡",
    "梦洁",
    "思琪",
    "春兰",
    "玉洁",
    "美玲",
    "小芳",
    "若兰",
    "采薇",
    "青瓷",
    "云霞",
    "月明",
    "雨桐",
    "可欣",
    "丽水",
    "敏",
    "静",
    "艳",
    "娜",
    "倩",
    "婷",
    "颖",
    "蕾",
    "洁",
    "琳",
]
DOTTED_MALE = ("买买提·阿不都拉", "艾力·吐尔逊", "阿卜杜热合曼·麦麦提伊敏·阿布都克热木", "扎西·多吉")
DOTTED_FEMALE = ("古丽娜尔·买买提", "阿依古丽·艾合买提", "卓玛·央金", "迪丽努尔·阿不都热依木")
REGIONS = [
    "331102",
    "331181",
    "331121",
    "331125",
    "331126",
    "331122",
    "331123",
    "331124",
    "331127",
    "332501",
    "332522",
    "332525",
]
"""Counties of Lishui; those beginning with 3325 were withdrawn in 2000 and stay valid in numbers given before."""
_FIRST_BIRTHDAY = dt.date(1969, 1, 1)
_BIRTHDAYS = 9497  # prime, up to 1994: multiplying runs through all days before one comes again
PHOTO_SIZE = (358, 441)


@dataclass(frozen=True)
class Someone:
    """One synthetic person. ``id_number`` passes GB 11643; birth date and gender agree with it."""

    seed: int
    name: str
    id_number: str
    birth_date: dt.date
    gender: str
    phone: str
    email: str
    id_kind: str = Person.IdKind.RESIDENT


def _number(seed: int | str) -> int:
    return seed if isinstance(seed, int) else 10_000_000 + zlib.crc32(seed.encode()) % 9_000_000


def someone(seed: int | str) -> Someone:
    """The person of this seed. Two whole numbers below 3,000,000 never give the same ID number."""
    n = _number(seed)
    dice = random.Random(f"portal-{n}")  # noqa: S311 - believable, not secret
    gender = dice.choice((identity.MALE, identity.FEMALE))
    born = _FIRST_BIRTHDAY + dt.timedelta(days=n * 3037 % _BIRTHDAYS)
    region = dice.choice([r for r in REGIONS if r.startswith("3311") or born.year < 2000])
    sequence = (n // _BIRTHDAYS % 499) * 2 + (1 if gender == identity.MALE else 2)
    body = f"{region}{born:%Y%m%d}{sequence:03d}"
    return Someone(
        seed=n,
        name=_name(n, gender, dice),
        id_number=body + references.check_character(body),
        birth_date=born,
        gender=gender,
        phone=f"199{n % 100_000_000:08d}",
        email=f"p{n}@example.com",
    )


def _name(n: int, gender: str, dice: random.Random) -> str:
    male = gender == identity.MALE
    if n % 41 == 7:
        return dice.choice(SURNAMES) + "𠮷" + dice.choice(("祥" if male else "娜", "安"))
    if n % 43 == 11:
        return dice.choice(SURNAMES) + "䶮"
    if n % 47 == 13:
        return dice.choice(DOTTED_MALE if male else DOTTED_FEMALE)
    surname = dice.choice(DOUBLE_SURNAMES) if n % 37 == 5 else dice.choice(SURNAMES)
    return surname + dice.choice(MALE_GIVEN if male else FEMALE_GIVEN)


def register(seed: int | str, *, password: str = "", encoded: str = "", someone_else: Someone | None = None) -> User:
    """The account and person of this seed with the applicant's role, as registration makes them; again: the same.

    ``encoded`` is a ready password hash (a slow hasher takes 80 ms a person); without either nobody can log in.
    """
    who = someone_else or someone(seed)
    known = User.objects.filter(username=who.email).first()
    if known is not None:
        return known
    user = User(username=who.email, full_name=who.name, email=who.email, phone=who.phone)
    if encoded:
        user.password = encoded
    else:
        user.set_password(password or None)
    user.save()
    Person.objects.create(
        user=user,
        name=who.name,
        id_kind=who.id_kind,
        id_number=who.id_number,
        birth_date=who.birth_date,
        gender=who.gender,
        phone=who.phone,
        email=who.email,
    )
    grant(user, "applicant", None, by=None, reason="注册")
    return user


SKIN = ("#f2d3b8", "#e8c4a2", "#f6dcc6", "#dcb28c")
GROUNDS = ("#e8eef6", "#ffffff", "#d9e6f2", "#eef1f4")
CLOTHES = ("#24344d", "#3b3f46", "#4a2f3c", "#1f4a45", "#5a4a36", "#2f3f5c")
HAIR = ("#1c1a1a", "#2b2320", "#3a3634")


@functools.lru_cache(maxsize=64)
def photo_jpeg(seed: int | str) -> bytes:
    """A drawn portrait, 358 × 441 JPEG: head and shoulders, so that lists look like lists and nobody's face is used."""
    who = someone(seed)
    dice = random.Random(f"photo-{who.seed}")  # noqa: S311
    width, height = PHOTO_SIZE
    picture = Image.new("RGB", PHOTO_SIZE, dice.choice(GROUNDS))
    draw = ImageDraw.Draw(picture)
    skin, hair, cloth = dice.choice(SKIN), dice.choice(HAIR), dice.choice(CLOTHES)
    middle, face, long = width // 2, dice.randint(68, 80), who.gender == identity.FEMALE
    if long:
        draw.rounded_rectangle((middle - face - 20, 95, middle + face + 20, 330), 70, fill=hair)
    draw.ellipse((middle - 175, 318, middle + 175, 640), fill=cloth)
    draw.rectangle((middle - 30, 255, middle + 30, 335), fill=skin)
    draw.polygon([(middle - 52, 322), (middle + 52, 322), (middle, 400)], fill="#f7f7f5")
    draw.polygon([(middle - 30, 318), (middle + 30, 318), (middle, 362)], fill=skin)
    draw.ellipse((middle - face, 100, middle + face, 290), fill=skin)
    draw.pieslice((middle - face - 6, 76, middle + face + 6, 252), 180, 360, fill=hair)
    draw.ellipse((middle - face + 12, 130 + dice.randint(-4, 8), middle + face - 12, 215), fill=skin)
    for side in (-1, 1):
        eye = middle + side * 32
        draw.ellipse((eye - 7, 183, eye + 7, 193), fill="#26211f")
        draw.line((eye - 15, 171, eye + 15, 169 + side), fill=hair, width=4)
        if who.seed % 3 == 0:
            draw.ellipse((eye - 23, 166, eye + 23, 210), outline="#33373d", width=3)
    if who.seed % 3 == 0:
        draw.line((middle - 9, 186, middle + 9, 186), fill="#33373d", width=3)
    draw.arc((middle - 10, 196, middle + 10, 222), 20, 160, fill="#b98a6a", width=3)
    draw.arc((middle - 24, 226, middle + 24, 252), 20, 160, fill="#a5544f", width=4)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=88, dpi=(300, 300))
    return out.getvalue()


@functools.cache
def font(size: int) -> ImageFont.FreeTypeFont:
    """The face of the papers, for what the story draws."""
    # 2: the simplified Chinese face of the collection (see kernel.fonts)
    return ImageFont.truetype(str(fonts.font_path()), size, index=2)


@functools.lru_cache(maxsize=256)
def evidence_pdf(text: str) -> bytes:
    """A one-page PDF (A5) that looks like a scanned paper: the first line of ``text`` is its heading."""
    heading, _newline, rest = text.partition("\n")
    page = Image.new("1", (874, 1240), 1)
    draw = ImageDraw.Draw(page)
    draw.fontmode = "1"
    draw.rectangle((40, 40, 833, 1199), outline=0, width=3)
    draw.text((437, 130), heading[:20], font=font(44), anchor="mm", fill=0)
    for number, line in enumerate(line for raw in rest.split("\n") for line in _wrapped(raw, 28)):
        draw.text((90, 220 + number * 44), line, font=font(25), fill=0)
    draw.ellipse((590, 960, 790, 1160), outline=0, width=5)
    draw.text((690, 1060), "演示用章", font=font(34), anchor="mm", fill=0)
    out = io.BytesIO()
    page.save(out, "PDF", resolution=150, title=heading, producer="appraisal-portal story")
    return out.getvalue()


def _wrapped(line: str, width: int) -> list[str]:
    return [line[start : start + width] for start in range(0, len(line), width)] or [""]
