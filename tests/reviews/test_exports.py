"""Papers made in the worker: asked for once, counts seen by others while it runs, failure in words, rights."""

import datetime as dt
import threading

import pytest
from django.db import connection, connections
from django.test import TestCase, TransactionTestCase
from django.urls import reverse

from appraisal_portal.home.story import meeting as story
from appraisal_portal.home.story.actors import holder
from appraisal_portal.kernel import clock, exports, outbox, progress
from appraisal_portal.kernel.models import Export, Outbox
from committees.reviews import exports as papers
from tests.factories.reviews import MEETING_DAY, MONDAY, a_line, examined


def deliver(export):
    """As the worker does."""
    assert outbox.deliver(exports.KIND, str(export.pk))
    export.refresh_from_db()


class AskedFor(TestCase):
    @classmethod
    def setUpTestData(cls):
        with clock.travel(MONDAY):
            cls.city, cls.cycle, cls.line = a_line()
            cls.row = examined(cls.city, cls.line, 100)
            cls.meeting = story.prepare(cls.city, cls.cycle, cls.line, [cls.row], MEETING_DAY)

    def setUp(self):
        self.enterContext(clock.travel(MONDAY))
        self.clerk = holder("office_clerk", self.meeting.committee.office)
        self.client.force_login(self.clerk)

    def ask(self):
        answer = self.client.post(reverse("reviews:meeting-papers-make", args=[self.meeting.pk]))
        return Export.objects.get(pk=int(answer.url.strip("/").split("/")[-1]))

    def state(self, export):
        return self.client.get(reverse("kernel:export-progress", args=[export.pk])).json()

    def test_five_clicks_are_one_and_the_page_leads_back_when_it_is_made(self):
        export = self.ask()
        assert [self.ask().pk for _click in range(4)] == [export.pk] * 4
        page = self.client.get(reverse("kernel:export", args=[export.pk])).content.decode()
        assert f'data-poll="{reverse("kernel:export-progress", args=[export.pk])}"' in page
        assert '<meta http-equiv="refresh"' in page  # without script
        meeting = self.client.get(self.meeting.get_absolute_url()).content.decode()
        assert reverse("kernel:export", args=[export.pk]) in meeting  # whoever comes to the meeting can follow it
        assert self.state(export)["state"] == "waiting"
        deliver(export)
        assert not outbox.deliver(exports.KIND, str(export.pk))
        assert (export.status, self.meeting.papers.count()) == ("done", 3)
        made = self.client.get(reverse("kernel:export", args=[export.pk]), follow=True)
        assert made.redirect_chain[-1][0] == self.meeting.get_absolute_url()
        assert "第 1 版" in made.content.decode()
        assert self.ask().pk != export.pk  # once it is made, asking makes it anew

    def test_what_cannot_be_drawn_fails_with_its_sentence_and_stores_nothing(self):
        self.meeting.place = "第\U0002a6d6会议室"
        self.meeting.save()
        export = self.ask()
        deliver(export)
        assert (export.status, self.meeting.papers.count(), self.meeting.snapshots.count()) == ("failed", 0, 0)
        page = self.client.get(reverse("kernel:export", args=[export.pk])).content.decode()
        assert "U+2A6D6" in page
        assert self.meeting.get_absolute_url() in page

    def test_a_fault_is_told_to_the_person_and_logged_for_the_operator(self):
        export = self.ask()
        with pytest.MonkeyPatch.context() as patch, self.assertLogs(exports.log, "ERROR"):
            patch.setattr(papers.meeting, "make_papers", lambda *_args, **_more: 1 / 0)
            deliver(export)
        assert export.status == "failed"
        assert "系统管理员" in export.told

    def test_who_lost_the_role_gets_no_papers(self):
        export = self.ask()
        self.clerk.memberships.update(ends_on=MONDAY - dt.timedelta(days=1))
        deliver(export)
        assert (export.status, self.meeting.papers.count()) == ("failed", 0)
        assert self.client.get(reverse("kernel:export", args=[export.pk])).status_code in (403, 404)

    def test_a_worker_killed_again_and_again_is_told_and_it_can_be_asked_for_anew(self):
        export = self.ask()
        Outbox.objects.filter(kind=exports.KIND).update(status="dead")
        assert self.state(export)["state"] == "failed"
        assert self.ask().pk != export.pk


class WhileItRuns(TransactionTestCase):
    def test_p38_others_see_the_counts_before_the_papers_are_there(self):
        with clock.travel(MONDAY):
            city, cycle, line = a_line()
            meeting = story.prepare(city, cycle, line, [examined(city, line, 100)], MEETING_DAY)
            with outbox.without_hints():  # the worker of the tests would make them at once
                export = exports.ask(papers.OF_MEETING, meeting, holder("office_clerk", meeting.committee.office))
        seen = []

        def look() -> None:
            row = Export.objects.get(pk=export.pk)
            seen.append((row.status, row.done_rows, row.total_rows, meeting.papers.count()))
            connections.close_all()

        def make(subject, actor):
            progress.expect(400)
            for _row in progress.counted(range(250)):
                pass
            other = threading.Thread(target=look)
            other.start()
            other.join()
            assert connection.in_atomic_block
            return "made"

        with pytest.MonkeyPatch.context() as patch, clock.travel(MONDAY):
            kind = exports.Kind("meeting-papers", "", type(meeting), papers.OF_MEETING.may, make)
            patch.setitem(exports._kinds, "meeting-papers", kind)
            deliver(export)
        assert seen == [("running", 250, 400, 0)]
        assert (export.status, export.told, export.done_rows) == ("done", "made", 250)
