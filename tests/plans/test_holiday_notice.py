"""The yearly notice read from its text: checked against the published calendar of two years, and against slips."""

import datetime as dt

import chinese_calendar
import pytest

from committees.plans.rules import holiday_notice

NOTICES = {
    2025: """一、元旦：1月1日（周三）放假1天，不调休。
二、春节：1月28日（农历除夕、周二）至2月4日（农历正月初七、周二）放假调休，共8天。1月26日（周日）、2月8日（周六）上班。
三、清明节：4月4日（周五）至6日（周日）放假，共3天。
四、劳动节：5月1日（周四）至5日（周一）放假调休，共5天。4月27日（周日）上班。
五、端午节：5月31日（周六）至6月2日（周一）放假，共3天。
六、国庆节、中秋节：10月1日（周三）至8日（周三）放假调休，共8天。9月28日（周日）、10月11日（周六）上班。
各地要安排好值班。
2024年11月12日""",
    2026: """元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
春节：2月15日（周日）至23日（周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
清明节：4月4日（周六）至6日（周一）放假，共3天。
劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
端午节：6月19日（周五）至21日（周日）放假，共3天。
中秋节：9月25日（周五）至27日（周日）放假，共3天。
国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。""",
}


@pytest.mark.parametrize("year", sorted(NOTICES))
def test_the_text_gives_the_published_calendar(year):
    notice = holiday_notice.read(NOTICES[year], year)
    assert notice.problems == []
    day = dt.date(year, 1, 1)
    while day.year == year:
        working = day in notice.work or (day.weekday() < 5 and day not in notice.off)
        assert working == chinese_calendar.is_workday(day), day
        day += dt.timedelta(days=1)


def test_a_holiday_that_begins_in_december():
    text = NOTICES[2026].replace(
        "1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班",
        "2025年12月31日（周三）至2026年1月2日（周五）放假，共3天",
    )
    notice = holiday_notice.read(text, 2026)
    assert notice.problems == []
    assert dt.date(2025, 12, 31) in notice.off


@pytest.mark.parametrize(
    ("change", "problems"),
    [
        (("共9天", "共8天"), ["春节：文本写 8 天，按日期计算为 9 天。"]),
        (("2月28日（周六）", "2月28日（周日）"), ["春节：2026-02-28 不是周日。是否为其他年度的通知？"]),
        (("端午节：6月19日（周五）至21日（周日）放假，共3天。", ""), ["文本中没有：端午节。"]),
        (("5月9日（周六）上班", "5月8日上班"), ["2026-05-08 写为补班日，但不是周六或周日。"]),
        (("5月9日（周六）上班", "5月2日（周六）上班"), ["2026-05-02 既写为放假日又写为上班日。"]),
        (("5月9日（周六）上班", "5月39日上班"), ["劳动节：“5月39日”不是有效日期。"]),
        (("5月9日（周六）上班", "5月9日（周六）补休"), ["劳动节：无法识别：“5月9日（周六）补休”。"]),
        (("5月1日（周五）至5日（周二）放假调休，共5天。", ""), ["劳动节：没有找到放假日期。"]),
        (
            ("10月1日（周四）至7日（周三）放假调休，共7天", "10月7日至1日放假"),
            ["国庆节：“10月7日至1日”不是有效日期。", "国庆节：没有找到放假日期。"],
        ),
    ],
)
def test_slips_are_named(change, problems):
    text = NOTICES[2026].replace(*change)
    assert text != NOTICES[2026]
    assert holiday_notice.read(text, 2026).problems == problems


def test_the_notice_of_another_year_is_noticed():
    problems = holiday_notice.read(NOTICES[2025], 2026).problems
    assert "元旦：2026-01-01 不是周三。是否为其他年度的通知？" in problems


def test_other_text_is_no_notice():
    assert holiday_notice.read("明天放假。", 2026).problems == [
        "文本中没有：元旦、春节、清明节、劳动节、端午节、中秋节、国庆节。"
    ]
