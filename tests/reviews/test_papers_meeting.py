"""The papers read back: A3 landscape, repeated header, ID numbers as text, equal order, no ID in 3-3, one hash."""

import io
from copy import deepcopy

import pytest
from django.test import TestCase
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader

from applications.models import CaseRecusal, Declaration
from applications.querysets_recusal import stands_back
from applications.workflow import people
from appraisal_portal.home.story import meeting as story
from appraisal_portal.kernel import clock, documents, files, identity
from appraisal_portal.kernel.workflow import Blocked
from committees.reviews.documents.roster_rows import QUALIFIED_COLUMNS, ROSTER_COLUMNS
from committees.reviews.models import MeetingSnapshot
from committees.reviews.rules import roster
from committees.reviews.services import comparison, conflicts
from committees.reviews.services import meeting as services
from tests.factories.reviews import MEETING_DAY, MONDAY, a_line, examined


def sheet(meeting, code):
    """The one sheet of the current paper."""
    return load_workbook(io.BytesIO(files.open_stored(documents.current(meeting, code)))).active


def text(meeting, code):
    """The text of the current paper, blanks taken out."""
    reader = PdfReader(io.BytesIO(files.open_stored(documents.current(meeting, code))))
    return "".join("".join(page.extract_text() for page in reader.pages).split())


class Papers(TestCase):
    @classmethod
    def setUpTestData(cls):
        with clock.travel(MONDAY):
            cls.city, cls.cycle, cls.line = a_line()
            # 7 % 41: a name with 𠮷, 11 % 43: one with 䶮, 13 % 47: one with dots
            cls.rows = [examined(cls.city, cls.line, seed, unit=cls.city.unit(seed)) for seed in (48, 54, 60, 101, 102)]
            cls.refused = [examined(cls.city, cls.line, 200, ground="近三年继续教育学时不足，2024 年差 18 学时")]
            cls.meeting = story.prepare(cls.city, cls.cycle, cls.line, [*cls.rows, *cls.refused], MEETING_DAY)

    def setUp(self):
        self.enterContext(clock.travel(MONDAY))
        services.make_papers(self.meeting, actor=story._clerk(self.meeting))
        self.snapshot = self.meeting.current_snapshot

    @pytest.mark.notice("IV.3.c")
    def test_the_roster_as_the_bureau_prints_it(self):
        ws = sheet(self.meeting, "3-2")
        assert ws.page_setup.paperSize in (8, "8")
        assert ws.page_setup.orientation == "landscape"
        assert ws.print_title_rows == "$3:$4"
        titles = [(ws.cell(4, i).value or ws.cell(3, i).value) for i in range(1, len(ROSTER_COLUMNS) + 1)]
        assert titles == [column.title for column in ROSTER_COLUMNS]
        place = [column.key for column in ROSTER_COLUMNS].index("id_number") + 1
        for i, row in enumerate(self.snapshot.content["roster"]):
            cell = ws.cell(5 + i, place)
            assert cell.number_format == "@"
            assert cell.data_type == "s"
            assert cell.value == row["id_number"]
            assert len(cell.value) == 18
            assert ws.cell(5 + i, 1).value == i + 1
        names = [ws.cell(5 + i, 2).value for i in range(6)]
        assert {d.applicant.name for d in [*self.rows, *self.refused]} == set(names)
        result = [column.key for column in ROSTER_COLUMNS].index("exam_result") + 1
        grounds = {
            ws.cell(5 + i, 2).value: (ws.cell(5 + i, result).value, ws.cell(5 + i, result + 1).value) for i in range(6)
        }
        assert grounds[self.refused[0].applicant.name] == ("不合格", "近三年继续教育学时不足，2024 年差 18 学时")
        assert ws.cell(5, 23).value == "2023:92/62/30；2024:92/62/30；2025:92/62/30"
        assert ws.cell(5, 14).value == pytest.approx(12.2)  # 2014-09-01 to 2026-12-31: full months only, cut off

    def test_p29_p30_what_stands_in_the_snapshot_stands_in_3_2_cell_by_cell(self):
        """Rows come from a cursor of the server; formulas, long numbers and control characters among them."""
        first, *others = self.snapshot.content["roster"]
        hostile = ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://a","b")', "0013",
                   "331124199003070013", "3.31102E+17", "TRUE", "<b>&amp;</b>", "]]>", " 前后 ", "𠮷䶮"]  # fmt: skip
        rows = [{**first, "seq": i, "employer": text, "id_number": text} for i, text in enumerate(hostile, start=1)]
        rows.append({**first, "seq": len(rows) + 1, "employer": "林业\x0b站\x1f", "id_number": ""})
        content = {**self.snapshot.content, "roster": rows}
        MeetingSnapshot.objects.create(meeting=self.meeting, version=9, content=content, sha256="9" * 64)
        paper = documents.issue("3-2", self.meeting, actor=story._clerk(self.meeting))
        ws = sheet(self.meeting, "3-2")
        keys = [column.key for column in ROSTER_COLUMNS]
        employer, number = keys.index("employer") + 1, keys.index("id_number") + 1
        for i, row in enumerate(rows[:-1]):
            for place, key in ((employer, "employer"), (number, "id_number")):
                cell = ws.cell(5 + i, place)
                assert (cell.value, cell.data_type, cell.number_format) == (row[key], "s", "@")
            assert ws.cell(5 + i, 1).value == i + 1
        last = ws.cell(4 + len(rows), employer)
        assert (last.value, ws.cell(4 + len(rows), number).value) == ("林业站", None)
        assert documents.cleaned(paper) == ["第 16 行“工作单位”栏：已去掉无法打印的字符。"]
        assert "rows" not in paper.snapshot
        assert paper.snapshot["listed"] == str(len(rows))
        assert len(others) == 5

    def test_the_list_of_the_qualified_keeps_the_order_and_hides_the_numbers(self):
        ws, all_rows = sheet(self.meeting, "3-3"), self.snapshot.content["roster"]
        good = [row for row in all_rows if row["exam_result"] == "合格"]
        assert [ws.cell(5 + i, 2).value for i in range(len(good))] == [row["name"] for row in good]
        assert [ws.cell(5 + i, 1).value for i in range(len(good))] == [1, 2, 3, 4, 5]
        everything = " ".join(str(cell.value) for line in ws.iter_rows() for cell in line if cell.value is not None)
        for row in all_rows:
            assert row["id_number"] not in everything
        assert self.refused[0].applicant.name not in everything
        assert "身份证" not in [column.title for column in QUALIFIED_COLUMNS]
        assert "合计" in everything
        assert ws.page_setup.paperSize in (8, "8")
        summary = {ws.cell(i, 1).value: ws.cell(i, 2).value for i in range(11, ws.max_row + 1)}
        assert summary["合计"] == 5

    def test_the_three_papers_name_one_hash(self):
        sha256 = self.snapshot.sha256
        assert sha256 in text(self.meeting, "3-1")
        for code in ("3-2", "3-3"):
            last = sheet(self.meeting, code)
            assert any(sha256 in str(cell.value) for line in last.iter_rows() for cell in line)
        assert {documents.current(self.meeting, code).snapshot["data_sha256"] for code in ("3-1", "3-2", "3-3")} == {
            sha256
        }

    @pytest.mark.notice("IV.3.c")
    def test_the_letter_says_what_the_form_asks(self):
        letter = text(self.meeting, "3-1")
        for words in ("申请函", "申报人数6人", "合格人数5人", "不合格人数1人", "2026年5月20日",
                      "评委会总人数15人", "附件：1."):  # fmt: skip
            assert words in letter, words

    def test_made_anew_is_a_new_version_with_its_differences_and_frozen_when_applied_for(self):
        more = examined(self.city, self.line, 300)
        made = services.make_papers(self.meeting, actor=story._clerk(self.meeting))
        assert made.snapshot.version == 2
        assert any(more.applicant.name in str(line) for line in made.differences)
        assert any("5 → 6" in str(line) for line in made.differences)
        assert documents.current(self.meeting, "3-2").version == 2
        old = self.meeting.papers.get(code="3-2", version=1).document
        assert old.superseded_by == documents.current(self.meeting, "3-2")
        story.apply(self.meeting)
        with pytest.raises(Exception, match=r"."):
            services.make_papers(self.meeting, actor=story._clerk(self.meeting))

    def test_made_again_the_page_lists_who_came_who_is_gone_and_each_field_before_and_after(self):
        more, gone, changed = examined(self.city, self.line, 301), self.rows[0], self.rows[1]
        Declaration.objects.filter(pk=gone.pk).update(status="withdrawn")
        frozen = changed.snapshots.order_by("-pk").first()
        content = deepcopy(frozen.content)
        content["person"] |= {"current_specialty": "竹林培育", "id_number": "331124199003070013"}
        changed.snapshots.create(stage=frozen.stage, content=content, sha256="8" * 64)
        services.make_papers(self.meeting, actor=story._clerk(self.meeting))
        told = comparison.of_latest(self.meeting, story._clerk(self.meeting))
        lines = {(line.kind, line.name, line.what): (line.before, line.after) for line in told.lines}
        assert lines["removed", gone.applicant.name, ""] == ("", "")
        assert lines["added", more.applicant.name, ""] == ("", "")
        before = next(row for row in self.snapshot.content["roster"] if row["declaration"] == changed.pk)
        name = changed.applicant.name
        assert lines["changed", name, "现从事专业"] == (before["current_specialty"], "竹林培育")
        assert lines["changed", name, "身份证号"] == (identity.mask(before["id_number"]), "331124********0013")
        assert [sha256 for _version, sha256 in told.hashes] == [
            self.snapshot.sha256,
            self.meeting.current_snapshot.sha256,
        ]
        self.client.force_login(story._clerk(self.meeting))
        page = self.client.get(self.meeting.get_absolute_url()).content.decode()
        for words in ("新增", "不再列入", "竹林培育", "第 2 版", self.snapshot.sha256):
            assert words in page, words
        assert before["id_number"] not in page
        self.one_who_keeps_away_reads_no_name(gone, more, changed)

    def one_who_keeps_away_reads_no_name(self, gone: Declaration, more: Declaration, changed: Declaration) -> None:
        """P12: neither in what differs between two versions, nor in what the checklist says has changed since."""
        director = story._director(self.meeting)
        for row in (gone, more, changed):
            CaseRecusal.objects.create(declaration=row, user=director, source="named", ground="申报人申请回避")
        Declaration.objects.filter(pk=more.pk).update(status="withdrawn")
        self.client.force_login(director)
        page = self.client.get(self.meeting.get_absolute_url()).content.decode()
        for row in (gone, more, changed):
            assert row.applicant.name not in page
            assert row.number not in page
        assert "竹林培育" not in page
        assert "3-2：您须回避的一件申报" in page
        assert self.rows[2].applicant.name in page

    def test_a_member_who_is_a_director_too_reads_no_name_from_whose_case_the_member_keeps_away(self):
        meeting, case = story.approve(story.apply(self.meeting)), self.rows[0]
        part = meeting.attendees.filter(role="voter").select_related("member__user").first()
        services.recuse(
            meeting, meeting.admissions.get(declaration=case), part.member, "师生", actor=story._clerk(meeting)
        )
        user = part.member.user
        row = user.memberships.create(
            organisation=meeting.committee.office, role="committee_director", starts_on=MONDAY
        )
        self.client.force_login(user)
        self.client.post(reverse("accounts:membership-switch"), {"membership": row.pk})
        page = self.client.get(meeting.get_absolute_url()).content.decode()
        assert self.rows[1].applicant.name in page
        assert case.applicant.name not in page
        assert case.number not in page
        listed = self.client.get(reverse("applications:office-list"), {"tab": "all"}).content.decode()
        assert self.rows[1].number in listed
        assert case.number not in listed
        left = len(self.rows) + len(self.refused) - 1
        assert f"第 1–{left} 项，共 {left} 项" in listed
        assert self.client.get(reverse("applications:office-declaration", args=[case.pk])).status_code == 404
        assert people.knowing(case, [user]) == []
        assert people.knowing(self.rows[1], [user]) == [user]

    def test_who_examined_a_case_keeps_away_as_a_member_only(self):
        meeting, case = story.approve(story.apply(self.meeting)), self.rows[0]
        user = meeting.attendees.filter(role="voter").first().member.user
        Declaration.objects.filter(pk=case.pk).update(handler=user)
        conflicts.propose_by_rule(meeting)
        assert "资格审查经办人" in meeting.admissions.get(declaration=case).recusals.get(member__user=user).ground
        assert people.knowing(case, [user]) == [user]
        assert not Declaration.objects.filter(stands_back(user), pk=case.pk).exists()

    def test_reply_and_minutes(self):
        story.approve(story.apply(self.meeting))
        reply = text(self.meeting, "meeting-reply")
        assert "丽人社评〔2026〕1号" in reply
        assert "5人进行评审" in reply
        with clock.travel(MEETING_DAY):
            story.hold(self.meeting, {self.rows[0].pk: "not_passed"})
        minutes = text(self.meeting, "minutes")
        assert "未通过" in minutes
        assert self.rows[1].applicant.name in minutes  # 䶮 is drawn
        assert "应到15人，实到14人" in minutes

    def test_a_character_no_face_can_draw_is_refused_by_name_and_nothing_is_stored(self):
        before = self.meeting.papers.count()
        self.meeting.place = "第\U0002a6d6会议室\U000e0001"
        self.meeting.save()
        with pytest.raises(Blocked) as refused:
            services.make_papers(self.meeting, actor=story._clerk(self.meeting))
        assert "U+" in str(refused.value)
        assert self.meeting.papers.count() == before

    def test_years_in_title(self):
        day = roster.dt.date
        assert roster.years_between(day(2020, 1, 1), day(2026, 1, 1)) == "6.0"
        assert roster.years_between(day(2020, 1, 2), day(2026, 1, 1)) == "5.9"
        assert roster.years_between(None, day(2026, 1, 1)) == ""
        assert roster.years_between(day(2027, 1, 1), day(2026, 1, 1)) == ""
