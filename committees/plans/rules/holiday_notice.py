"""The State Council's yearly notice of holidays (国务院办公厅关于部分节假日安排的通知), read from its pasted text.

Every such notice has one item a holiday: the days off with their weekdays and their number, then the make-up days
(上班). Each of the three says the same twice, so a slip of the pen, a missing line or the notice of another year shows.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

HOLIDAYS = ("元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节")
_ITEM = re.compile(rf"((?:{'|'.join(HOLIDAYS)})(?:[、和及与]?(?:{'|'.join(HOLIDAYS)}))*)\s*[：:]")
_DATE = r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日(?:\s*[（(]([^）)]*)[）)])?"
_SPAN = re.compile(rf"{_DATE}(?:\s*(?:至|到|[-—–~～])\s*{_DATE})?")
_COUNT = re.compile(r"(?:共|放假)\s*(\d{1,2})\s*天")
_WEEKDAY = re.compile(r"(?:周|星期|礼拜)([一二三四五六日天])")
_SIGNED_ON = re.compile(r"^\s*\d{4}年\d{1,2}月\d{1,2}日\s*$")
_WEEKDAYS = "一二三四五六日"


@dataclass
class Read:
    """One holiday of the notice: its name as printed, days off and make-up days in order."""

    name: str
    off: list[dt.date] = field(default_factory=list)
    work: list[dt.date] = field(default_factory=list)


@dataclass
class HolidayNotice:
    """What a notice says, and everything about it that does not fit, in words."""

    holidays: list[Read] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def off(self) -> set[dt.date]:
        """All days off."""
        return {day for one in self.holidays for day in one.off}

    @property
    def work(self) -> set[dt.date]:
        """All make-up working days (调休上班)."""
        return {day for one in self.holidays for day in one.work}


def read(text: str, year: int) -> HolidayNotice:
    """The notice of ``year``. Nothing is guessed: what is not understood is a problem."""
    notice = HolidayNotice()
    heads = list(_ITEM.finditer(text))
    for number, head in enumerate(heads):
        end = heads[number + 1].start() if number + 1 < len(heads) else len(text)
        notice.holidays.append(_holiday(head[1], text[head.end() : end], year, notice.problems))
    named = "".join(one.name for one in notice.holidays)
    if missing := [name for name in HOLIDAYS if name not in named]:
        notice.problems.append(_("The text does not name: %(names)s.") % {"names": "、".join(missing)})
    notice.problems += _against_each_other(notice, year)
    return notice


def _holiday(name: str, text: str, year: int, problems: list[str]) -> Read:
    one = Read(name)
    for sentence in re.split(r"[。；;\n]", text):
        if not re.search(r"\d日", sentence) or _SIGNED_ON.match(sentence):
            continue
        if "上班" in sentence:
            one.work += _days(sentence, year, name, problems)
        elif "放假" in sentence:
            days = _days(sentence, year, name, problems)
            one.off += days
            said = _COUNT.search(sentence)
            if said and int(said[1]) != len(days):
                values = {"holiday": name, "said": int(said[1]), "counted": len(days)}
                problems.append(_("%(holiday)s: the text says %(said)d days, its dates are %(counted)d days.") % values)
        else:
            problems.append(_("%(holiday)s: not understood: “%(text)s”.") % {"holiday": name, "text": sentence.strip()})
    if not one.off:
        problems.append(_("%(holiday)s: no day off was found.") % {"holiday": name})
    return one


def _days(sentence: str, year: int, name: str, problems: list[str]) -> list[dt.date]:
    found: list[dt.date] = []
    place = (year, None)
    for span in _SPAN.finditer(sentence):
        groups = span.groups()
        try:
            first, place = _date(groups[:4], place)
            last = first
            if groups[6]:
                last, place = _date(groups[4:], place)
        except ValueError:
            problems.append(_("%(holiday)s: “%(text)s” is no day.") % {"holiday": name, "text": span[0]})
            continue
        problems += _weekdays(name, (first, groups[3]), (last, groups[7]))
        if last < first or (last - first).days > 20:  # the longest holiday so far had nine days
            problems.append(_("%(holiday)s: “%(text)s” is no day.") % {"holiday": name, "text": span[0]})
            continue
        found += [first + dt.timedelta(days=i) for i in range((last - first).days + 1)]
    return found


def _date(groups: tuple[str | None, ...], place: tuple[int, int | None]) -> tuple[dt.date, tuple[int, int | None]]:
    """The day, and year and month that a following day without them belongs to. ValueError: no such day."""
    year, month = int(groups[0] or place[0]), int(groups[1] or place[1] or 0)
    return dt.date(year, month, int(groups[2] or 0)), (year, month)


def _weekdays(name: str, *said: tuple[dt.date, str | None]) -> Iterator[str]:
    for day, words in said:
        match = _WEEKDAY.search(words or "")
        if match and match[1].replace("天", "日") != _WEEKDAYS[day.weekday()]:
            yield _("%(holiday)s: %(day)s is not a %(weekday)s. Is it the notice of another year?") % {
                "holiday": name,
                "day": day.isoformat(),
                "weekday": "周" + match[1],
            }


def _against_each_other(notice: HolidayNotice, year: int) -> Iterator[str]:
    for day in sorted(notice.off & notice.work):
        yield _("%(day)s is named as a day off and as a working day.") % {"day": day.isoformat()}
    for day in sorted(notice.work):
        if day.weekday() < 5:
            yield _("%(day)s is named as a make-up day but is no Saturday or Sunday.") % {"day": day.isoformat()}
    window = (dt.date(year - 1, 12, 20), dt.date(year + 1, 1, 10))
    for day in sorted(notice.off | notice.work):
        if not window[0] <= day <= window[1]:
            yield _("%(day)s does not lie in %(year)d.") % {"day": day.isoformat(), "year": year}
