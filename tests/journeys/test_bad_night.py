"""A bad night: a worse answer on the phone, a person and a time, the call, the outcome, the plan."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from tests.at_step import at_step
from tests.browser import Browsing
from tests.people import cast, press, sign_in

from openkap.records.models import SafetyPlan, Task

SMALL = {"width": 360, "height": 780}
ALERT = "alert_phq9-item9"


def test_a_bad_night(browse: Browsing) -> None:
    people = cast(timezone.now() - timedelta(days=60))
    course = at_step(people, "consented", at=timezone.now() - timedelta(hours=2)).course
    phone = browse("phone")
    phone.set_viewport_size(SMALL)  # type: ignore[arg-type]
    sign_in(phone, "wren")
    phone.goto(reverse("me-form", args=[course.id, "phq9", "asked"]) + "?q=9")
    press(phone, phone.locator("button[name=value][value='2']"))
    assert phone.locator("h1").inner_text() == "You are not alone with this"
    task = Task.objects.get(what=ALERT)
    assert task.owner is not None and task.done_at is None
    first, then = (phone.locator("main section h2").nth(n) for n in range(2))
    assert f"{task.owner.name} is asked to call you" in first.inner_text()
    assert "If it cannot wait" in then.inner_text()
    press(phone, phone.locator("footer.crisis a.plan"))
    press(phone, phone.locator("main a.primary"))
    phone.fill("textarea[name=alone]", "Walk to the river")
    phone.locator("form[data-keep] button").click()
    phone.wait_for_url("**/me/safety/")

    desk = browse("desk")
    on_call = next(key for key in ("tamsin", "osric") if people[key].id == task.owner_id)
    sign_in(desk, on_call)
    desk.goto(reverse("care-work"))
    desk.locator("summary:has-text('See each')").click()
    press(desk, desk.locator(f"a[href='{reverse('care-alert', args=[task.id])}']"))
    desk.locator("select[name=tried]").select_option("not_reached")
    press(desk, desk.locator(f"form[action='{reverse('care-alert-tried', args=[task.id])}'] button"))
    assert desk.locator("text=Called, reached nobody").count() >= 1
    task.refresh_from_db()
    assert task.done_at is None, "a call that reached nobody closes nothing"
    press(desk, desk.locator(f"a[href='{reverse('safety-plan', args=[course.id])}']").last)
    assert desk.locator("text=Walk to the river").count() >= 1
    press(desk, desk.locator("text=Put today’s date on it"))
    desk.goto(reverse("care-alert", args=[task.id]))
    desk.locator("input[name=outcome][value=plan]").check()
    press(desk, desk.locator("text=Close it").last)
    task.refresh_from_db()
    assert (task.outcome_key, task.done_by) == ("plan", people[on_call])
    assert SafetyPlan.objects.filter(course=course).count() == 2
    owed = set(Task.objects.filter(course=course, done_at=None).values_list("what", flat=True))
    assert {"screener", "safety_call"} <= owed and ALERT not in owed
