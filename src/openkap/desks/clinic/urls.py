"""Addresses of the clinic desk."""

from __future__ import annotations

from django.urls import path

from openkap.desks.clinic import (
    ask_form,
    ask_to_share,
    chart,
    contact,
    correct,
    course_paper,
    ending,
    evaluation,
    find,
    in_room,
    lists,
    misuse,
    outcome,
    papers,
    spoken_no,
    summary,
)

urlpatterns = [
    path("care/patients/", find.find, name="care-find"),
    path("care/patients/new/", find.register, name="care-register"),
    path("care/patients/<uuid:file>/", chart.chart, name="care-patient"),
    path("care/patients/<uuid:file>/open/", chart.begin, name="care-open-course"),
    path("care/patients/<uuid:file>/note/", chart.note, name="care-note"),
    path("care/patients/<uuid:file>/contact/", contact.contact, name="care-contact"),
    path("care/patients/<uuid:file>/outcome/", outcome.outcome, name="care-outcome"),
    path("care/patients/<uuid:file>/looked/", outcome.looked, name="care-looked"),
    path("care/courses/<uuid:course>/evaluation/", evaluation.evaluation, name="care-evaluation"),
    path("care/patients/<uuid:file>/lists/", lists.lists, name="care-lists"),
    path("care/patients/<uuid:file>/lists/through/", lists.through, name="care-reconcile"),
    path("care/lists/<slug:model>/<uuid:row>/", lists.line, name="care-list-line"),
    path("care/patients/<uuid:file>/papers/", papers.papers, name="care-papers"),
    path("care/papers/<uuid:document>/", papers.paper, name="care-paper"),
    path("care/courses/<uuid:course>/forms/", ask_form.ask_form, name="care-forms"),
    path("care/courses/<uuid:course>/form/<slug:name>/", in_room.in_room, name="care-in-room"),
    path("care/courses/<uuid:course>/misuse/", misuse.misuse, name="care-misuse"),
    path("care/misuse/<uuid:sign>/settle/", misuse.settle, name="care-misuse-settle"),
    path("care/courses/<uuid:course>/end/", ending.end, name="care-end"),
    path("care/courses/<uuid:course>/end/back/", ending.take_back, name="care-end-take-back"),
    path("care/courses/<uuid:course>/asking/", ending.asking, name="care-asking"),
    path("care/courses/<uuid:course>/move/", ending.move, name="care-move"),
    path("care/courses/<uuid:course>/print/", course_paper.course_paper, name="care-course-print"),
    path("care/courses/<uuid:course>/print/pdf/", course_paper.course_pdf, name="care-course-pdf"),
    path("care/courses/<uuid:course>/decision/", evaluation.decision, name="care-decide"),
    path("care/courses/<uuid:course>/send/", chart.send, name="care-send"),
    path("care/courses/<uuid:course>/said-no/", spoken_no.spoken_no, name="care-spoken-no"),
    path("care/courses/<uuid:course>/ask-to-share/", ask_to_share.ask, name="care-ask-to-share"),
    path("care/courses/<uuid:course>/plan/", chart.plan, name="care-plan"),
    path("care/sessions/<uuid:session>/summary/", summary.summary, name="care-summary"),
    path("care/facts/<slug:model>/<uuid:row>/confirm/", chart.confirm, name="care-confirm"),
    path("care/correct/<slug:model>/<uuid:row>/", correct.correction, name="care-correct"),
]
