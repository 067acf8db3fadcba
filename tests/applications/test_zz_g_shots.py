import pytest
from django.urls import reverse
from appraisal_portal.home.story import unit as story
from appraisal_portal.home.story.actors import holder
from tests.factories.unit_stage import *
from tests.factories.unit_stage import handed_in, recommended, in_examination, publicised

@pytest.mark.django_db(transaction=True)
def test_shots(live_server, page, client, clock, context):
    city, cycle = a_stage()
    clock(MONDAY)
    exam = in_examination(city, cycle, 1, 2, 3, 4)
    rec = recommended(city, cycle, 5, 6)
    clock(PUBLICITY_OVER)
    story.forward(rec[0])
    story.ask_supplement(exam[0]); story.qualify(exam[1]); story.disqualify(exam[2])
    pub = publicised(city, cycle, 7, 8)
    w = handed_in(city, cycle, 9)
    story.check(w, doubtful={"person": "姓名与身份证不一致"})
    v = handed_in(city, cycle, 10); story.verify(v)
    story.give_back(handed_in(city, cycle, 12))
    story.object_in_unit(pub[0])
    clerk, head = story.clerk_of(w), story.head_of(w)
    officer = story.officer_of(exam[3]); fwd = holder("forwarder", w.unit.forwarder)
    jobs = [
        (clerk, "unit-dashboard", []), (clerk, "unit-list", []), (clerk, "unit-declaration", [w.pk]), (clerk, "unit-verify", [w.pk]), (clerk,"unit-return",[w.pk]),
        (clerk, "unitpublicity-new", []), (clerk, "unitpublicity-detail", [pub[0].publicity_items.get().publicity_id]), (head, "unit-recommend", [pub[1].pk]),
        (clerk, "unit-seal", [pub[1].pk]), (fwd, "forwarder-list", []), (fwd, "forwarder-declaration", [rec[1].pk]),
        (officer, "office-list", []), (officer, "office-declaration", [exam[3].pk]), (officer, "office-supplement", [exam[3].pk]), (officer, "office-disqualify", [exam[3].pk]), (officer, "office-declaration", [exam[0].pk]),
    ]
    page.set_viewport_size({"width": 1400, "height": 900})
    from axe_playwright_python.sync_playwright import Axe
    bad = []
    for n, (user, name, args) in enumerate(jobs):
        client.force_login(user)
        context.clear_cookies()
        context.add_cookies([{"name": "sessionid" if "sessionid" in client.cookies else list(client.cookies)[0], "value": (client.cookies.get("sessionid") or list(client.cookies.values())[0]).value, "url": live_server.url}])
        page.goto(live_server.url + reverse("applications:" + name, args=args))
        page.screenshot(path=f"/tmp/team/shots/G/{n:02}-{name}.png", full_page=True)
        found = Axe().run(page)
        for v_ in found.response["violations"]:
            bad.append((name, v_["id"], [x["html"][:200] for x in v_["nodes"]][:3]))
    clerkpage = None
    page.set_viewport_size({"width": 390, "height": 800})
    for user, name, args in [jobs[0], jobs[2], jobs[11], jobs[12]]:
        client.force_login(user)
        context.clear_cookies()
        context.add_cookies([{"name": "sessionid" if "sessionid" in client.cookies else list(client.cookies)[0], "value": (client.cookies.get("sessionid") or list(client.cookies.values())[0]).value, "url": live_server.url}])
        page.goto(live_server.url + reverse("applications:" + name, args=args))
        page.screenshot(path=f"/tmp/team/shots/G/m-{name}.png", full_page=True)
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > 391: bad.append((name, "wide", wide))
    print("BAD", bad)
    assert not bad, bad
