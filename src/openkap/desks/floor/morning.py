"""The morning's questions on one fast page: the nurse asks, taps, and sends once.

Decided here: whatever is answered is kept, whatever is not stays open at the gate. A time without a day is
the last time it was that hour. The page can be sent again as the morning goes on.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from openkap.desks.floor.names import title_of
from openkap.desks.floor.session_page import does, show, the_session, zone_of
from openkap.door.enter import staff
from openkap.door.page import StepForm, actor, now
from openkap.door.times import local_to_utc
from openkap.medicine.monitoring.rescue import rescue_list, watched_all_the_time
from openkap.permits import Act
from openkap.reads.agreements import apart_words
from openkap.reads.morning import Morning, morning
from openkap.records.models import Session
from openkap.steps.day import keep_day

# Questions with one answer each.
ANSWERED = ("identity", "health", "medicines", "taken", "mind", "bladder", "kit")
YES, NO = ("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))


def taps(label: Any, *choices: tuple[str, Any], **more: Any) -> forms.ChoiceField:
    """One tap among a few; nothing tapped is not asked."""
    return forms.ChoiceField(
        label=label, choices=choices, required=False, widget=forms.RadioSelect(attrs={"class": "tap"}), **more
    )


class HourField(forms.Field):
    """An hour of the clock: the last time it was that hour. Set `zone` and `at` before cleaning."""

    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    zone: ZoneInfo
    at: datetime

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        day = self.at.astimezone(self.zone).date()
        for back in range(2):
            moment = local_to_utc(f"{day - timedelta(days=back)}T{value}", self.zone)
            if moment <= self.at:
                return moment
        return moment

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, datetime):
            return value.astimezone(self.zone).strftime("%H:%M")
        return value


def line(label: Any, size: int = 200, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=size,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        **more,
    )


class MorningForm(StepForm):
    """Every question of the morning. Names are those of the gate's lines."""

    identity = taps(gettext_lazy("Name and birth date agree, asked and read"), YES, NO)
    safety = taps(
        gettext_lazy("C-SSRS since the last visit"),
        ("none", gettext_lazy("None")),
        ("low", gettext_lazy("Low")),
        ("moderate", gettext_lazy("Moderate")),
        ("high", gettext_lazy("High")),
    )
    health = taps(gettext_lazy("Anything new in health"), NO, YES)
    health_words = line(gettext_lazy("What is new"), 300)
    medicines = taps(gettext_lazy("Medicines as planned"), YES, NO)
    medicines_words = line(gettext_lazy("What was different"), 300)
    taken = taps(
        gettext_lazy("Alcohol in 24 hours, cannabis today"),
        ("none", gettext_lazy("Neither")),
        ("alcohol", gettext_lazy("Alcohol")),
        ("cannabis", gettext_lazy("Cannabis")),
        ("intoxicated", gettext_lazy("Intoxicated now")),
    )
    mind = taps(gettext_lazy("Since the last dose: voices, visions, racing"), NO, YES)
    bladder = taps(gettext_lazy("Since the last dose: bladder trouble"), NO, YES)
    ate = HourField(label=gettext_lazy("Last food at"), required=False)
    meal_kind = taps(
        gettext_lazy("That was"),
        ("light", gettext_lazy("A light meal")),
        ("fatty", gettext_lazy("Fatty or fried")),
        initial="light",
    )
    drank = HourField(label=gettext_lazy("Last clear fluids at"), required=False)
    hcg = taps(
        gettext_lazy("Pregnancy test today"),
        ("negative", gettext_lazy("Negative")),
        ("positive", gettext_lazy("Positive")),
    )
    escort_name = line(gettext_lazy("Escort"))
    escort_phone = line(gettext_lazy("Telephone"), 40)
    escort_relation = line(gettext_lazy("Who that is"), 80)
    touch = taps(
        gettext_lazy("Touch, as the patient says today"),
        ("none", gettext_lazy("None")),
        ("hand", gettext_lazy("Hand")),
        ("hand_or_shoulder", gettext_lazy("Hand or shoulder")),
    )
    monitor = forms.ChoiceField(label=gettext_lazy("Stays in the room"), required=False)
    second = forms.ChoiceField(label=gettext_lazy("Within reach"), required=False)
    kit = taps(gettext_lazy("Oxygen, suction, airway, AED tested"), YES, NO)

    def __init__(self, *args: Any, asked: Morning, zone: ZoneInfo, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("ate", "drank"):
            self.fields[name].zone, self.fields[name].at = zone, at  # type: ignore[attr-defined]
        for name in ("monitor", "second"):
            known = asked.near if name == "second" else asked.people
            self.fields[name].choices = [("", _("Choose")), *known]  # type: ignore[attr-defined]
        if not asked.test_asked:
            del self.fields["hcg"]
        if not asked.had_a_dose:
            del self.fields["mind"], self.fields["bladder"]

    def answers(self) -> dict[str, dict[str, Any]]:
        """What was answered, by question; what was left open is absent."""
        said = self.cleaned_data
        told: dict[str, dict[str, Any]] = {
            name: {"answer": said[name], "words": said.get(f"{name}_words", "")}
            for name in ANSWERED
            if said.get(name)
        }
        if said.get("safety"):
            told["safety"] = {"band": said["safety"]}
        if said.get("ate") or said.get("drank"):
            told["meal"] = {
                "ate_at": said["ate"],
                "drank_at": said["drank"],
                "kind": said["meal_kind"] or "light",
            }
        if said.get("second"):  # whoever asks is filled in as staying: that alone names nobody
            told["staff"] = {"monitor": said["monitor"], "second": said["second"]}
        return told

    def escort(self) -> dict[str, str] | None:
        said = self.cleaned_data
        whole = {key: said[f"escort_{key}"] for key in ("name", "phone", "relation")}
        return whole if any(whole.values()) else None


@staff
@require_http_methods(["GET", "POST"])
def day(request: HttpRequest, session: UUID) -> HttpResponse:
    """Ask, tap, send. Back to the gate afterwards."""
    row = the_session(request, session, Act.ADD if request.method == "POST" else Act.SEE)
    at = now()
    asked = morning(row, at)
    initial = _initial(asked, request)
    form = MorningForm(request.POST or None, asked=asked, zone=zone_of(row), at=at, initial=initial)
    if request.method == "POST" and form.is_valid() and _kept(request, row, form, asked):
        messages.success(request, _("Kept. What is still open stands at the gate."))
        return redirect("rooms-session", session=row.id)
    return show(
        request,
        "floor/morning.html",
        row,
        page="morning",
        status=422 if form.errors else 200,
        theme="day",
        form=form,
        morning=asked,
        rescue=rescue_list(),
        watched=watched_all_the_time(row.course.route),
        at=at,
        apart=apart_words(row.course, at),
        **title_of(row),
    )


def _kept(request: HttpRequest, row: Session, form: MorningForm, asked: Morning) -> bool:
    said = form.cleaned_data
    same_touch = asked.touch_today and asked.touch is not None and said["touch"] == asked.touch.level
    return does(
        request,
        form,
        keep_day,
        session=row,
        answers=form.answers(),
        escort=form.escort(),
        hcg=said.get("hcg", "") if said.get("hcg") != asked.test else "",
        touch="" if same_touch else said["touch"],
    )


def _initial(asked: Morning, request: HttpRequest) -> dict[str, Any]:
    """Today's answers; whoever asks is whom we expect to stay."""
    values = {question: row.value for question, row in asked.asked.items()}
    meal, staff_named = values.get("meal", {}), values.get("staff", {})
    own = str(actor(request).person)
    initial: dict[str, Any] = {name: values[name]["answer"] for name in ANSWERED if name in values}
    initial |= {
        f"{name}_words": values[name].get("words", "") for name in ("health", "medicines") if name in values
    }
    return initial | {
        "safety": values.get("safety", {}).get("band", ""),
        "ate": _moment(meal.get("ate_at")),
        "drank": _moment(meal.get("drank_at")),
        "meal_kind": meal.get("kind", "light"),
        "monitor": staff_named.get("monitor_id", own if own in dict(asked.people) else ""),
        "second": staff_named.get("second_id", ""),
        "hcg": asked.test,
        "touch": asked.touch.level.value if asked.touch is not None and asked.touch_today else "",
        "escort_name": asked.escort.name if asked.escort else "",
        "escort_phone": asked.escort.phone if asked.escort else "",
        "escort_relation": asked.escort.relation if asked.escort else "",
    }


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
