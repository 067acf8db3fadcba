"""Deliveries: kept in PostgreSQL, made once, given up after five tries, never lost with the broker."""

import datetime as dt
import os
import subprocess
import sys
import time
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.db import connection, transaction

from appraisal_portal.accounts.models import Message, User
from appraisal_portal.celery import app
from appraisal_portal.kernel import clock, outbox, tasks
from appraisal_portal.kernel.models import Outbox

MOMENT = dt.datetime(2026, 5, 6, 2, tzinfo=dt.UTC)


@pytest.fixture
def probe(monkeypatch):
    """A kind whose handler notes what it delivers and fails as often as told."""
    seen, failures = [], []

    def handle(row):
        if failures:
            raise failures.pop()
        seen.append(row.key)

    monkeypatch.setitem(outbox._handlers, "probe", handle)
    handle.seen, handle.failures = seen, failures
    return handle


@pytest.mark.django_db
def test_the_same_key_is_delivered_once(probe):
    with clock.travel(MOMENT):
        for _ in range(3):
            outbox.put("probe", "row:1", {})
        assert outbox.deliver("probe", "row:1")
        assert not outbox.deliver("probe", "row:1")
    assert probe.seen == ["row:1"]
    assert Outbox.objects.get().status == "done"


@pytest.mark.django_db
def test_a_failure_stands_in_the_row_and_is_tried_later(probe):
    probe.failures.append(ValueError("the gateway said no"))
    with clock.travel(MOMENT):
        outbox.put("probe", "row:1", {})
        with pytest.raises(ValueError, match="the gateway said no"):
            outbox.deliver("probe", "row:1")
        row = Outbox.objects.get()
        assert (row.status, row.attempts, row.last_error) == ("waiting", 1, "ValueError: the gateway said no")
        assert not outbox.deliver("probe", "row:1")
    with clock.travel(MOMENT + dt.timedelta(minutes=3)):
        assert outbox.due() == [("probe", "row:1")]
        assert outbox.deliver("probe", "row:1")


@pytest.mark.django_db
def test_after_five_tries_it_is_given_up_and_the_others_go_on(probe):
    moment = MOMENT
    with clock.travel(moment):
        outbox.put("probe", "poison", {})
    for _ in range(5):
        probe.failures.append(RuntimeError("poison"))
        moment += dt.timedelta(hours=2)
        with clock.travel(moment), pytest.raises(RuntimeError):
            outbox.deliver("probe", "poison")
    with clock.travel(moment + dt.timedelta(days=1)):
        outbox.put("probe", "fine", {})
        assert outbox.due() == [("probe", "fine")]
        assert outbox.deliver("probe", "fine")
    assert Outbox.objects.get(key="poison").status == "dead"


@pytest.mark.django_db
def test_a_killed_worker_s_row_is_taken_again_after_its_lock(probe):
    with clock.travel(MOMENT):
        outbox.put("probe", "row:1", {})
        assert outbox.claim("probe", "row:1").attempts == 1
        assert outbox.claim("probe", "row:1") is None
    with clock.travel(MOMENT + outbox.LOCK + dt.timedelta(seconds=1)):
        assert outbox.deliver("probe", "row:1")
    assert probe.seen == ["row:1"]


@pytest.mark.django_db(transaction=True)
def test_p42_nothing_is_delivered_when_the_cause_is_rolled_back(probe):
    with transaction.atomic():
        outbox.put("probe", "row:1", {})
        transaction.set_rollback(True)
    assert probe.seen == []
    assert not Outbox.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_worker_is_told_of_what_somebody_waits_for_and_of_no_message(probe, monkeypatch):
    told = []
    monkeypatch.setattr(tasks, "hint_deliveries", told.append)
    user = User.objects.create(username="post@example.com", full_name="沈青瓷", email="post@example.com")
    with transaction.atomic():
        outbox.put_message(user, key="test:1", subject="Hello", body="")
        outbox.put("probe", "row:1", {})
        assert told == []
    assert told == [[("probe", "row:1")]]
    assert outbox.due() == [("message", "test:1"), ("probe", "row:1")]
    assert outbox.due(messages=True) == [("message", "test:1")]
    assert outbox.due(messages=False) == [("probe", "row:1")]


@pytest.mark.django_db
def test_the_two_sweeps_together_deliver_everything(probe):
    user = User.objects.create(username="post@example.com", full_name="沈青瓷")
    outbox.put_message(user, key="test:1", subject="Hello", body="")
    outbox.put("probe", "row:1", {})
    assert tasks.sweep_messages() == 1
    assert [row.subject for row in Message.objects.all()] == ["Hello"]
    assert probe.seen == []
    assert tasks.sweep_outbox() == 1
    assert probe.seen == ["row:1"]
    assert tasks.sweep_messages() == tasks.sweep_outbox() == 0


@pytest.mark.django_db
def test_whom_to_tell_of_an_act_is_worked_out_before_messages_go_out(probe, monkeypatch):
    """No worker is told of such a record; one that fails waits in its row and hurts no other."""
    user = User.objects.create(username="post@example.com", full_name="沈青瓷")
    told = []
    monkeypatch.setattr(tasks, "hint_deliveries", told.append)

    def work_out(row):
        if row.key == "bad:later":
            raise KeyError("withdrawn")
        outbox.put_message(user, key="good:0", subject="Hello", body="")

    monkeypatch.setitem(outbox._handlers, outbox.TELLING, work_out)
    for key in ("bad:later", "good:later"):
        outbox.put(outbox.TELLING, key, {})
    assert tasks.sweep_outbox() == 0
    assert tasks.sweep_messages() == 1
    assert [row.subject for row in Message.objects.all()] == ["Hello"]
    assert told == []
    bad = Outbox.objects.get(key="bad:later")
    assert (bad.status, bad.attempts, bad.last_error) == ("waiting", 1, "KeyError: 'withdrawn'")


def test_what_beat_starts_goes_where_a_worker_takes_it():
    """A worker without ``-Q`` takes from the queues the settings name; what goes to one of them goes to no other."""
    queues = {queue.name: queue.routing_key for queue in app.amqp.queues.values()}
    assert queues == {"celery": "celery", "messages": "messages"}
    asked = {entry["task"]: entry["schedule"].run_every.seconds for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert asked == {"kernel.sweep_messages": 10, "kernel.sweep_outbox": 30, "kernel.sweep_all": 30}
    assert all(name in app.tasks for name in asked)


@pytest.mark.django_db(transaction=True)
def test_p38_a_real_worker_delivers_what_waits(django_db_setup):
    """A message, of which no worker is told, is found by the sweep of a freshly started one, over the real broker."""
    user = User.objects.create(username="post@example.com", full_name="沈青瓷", email="post@example.com")
    with transaction.atomic():
        outbox.put_message(user, key="test:1", subject="Hello", body="Come on {by}", by=dt.date(2026, 5, 6))
    url = urlsplit(os.environ["DATABASE_URL"])
    name = connection.settings_dict["NAME"]
    environ = {
        **os.environ,
        "DATABASE_URL": urlunsplit(url._replace(path=f"/{name}")),
        "DJANGO_SETTINGS_MODULE": "appraisal_portal.settings.dev",
        "PORTAL_DATA_DIR": str(settings.MEDIA_ROOT),
    }
    with app.connection_for_write() as broker:
        for queue in app.amqp.queues:
            broker.default_channel.queue_purge(queue)
    worker = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "appraisal_portal.celery",
            "worker",
            "--pool",
            "solo",
            "--loglevel",
            "warning",
        ],
        env=environ,
        cwd=settings.BASE_DIR,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        end = time.monotonic() + 60
        while time.monotonic() < end and not Message.objects.filter(user=user).exists():
            time.sleep(0.2)
        message = Message.objects.get(user=user)
        assert message.subject == "Hello"
        assert "2026" in message.body
        assert Outbox.objects.get(key="test:1").status == "done"
    finally:
        worker.terminate()
        worker.wait(20)
