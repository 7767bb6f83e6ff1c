"""Addresses of clinicians' pages about access, under /behandler/tilgang/."""

from django.urls import path

from youth_access import staff, staff_assessments, staff_assigned, staff_blocks, staff_emergency

app_name = "access"
_PATIENT = "<uuid:patient_id>/"

urlpatterns = [
    path("", staff.landing, name="landing"),
    path("finn/", staff.find, name="find"),
    path("ingen-relasjon/", staff.no_relation, name="no-relation"),
    path("nodtilgang/", staff_emergency.begin, name="emergency"),
    path("nodtilgang/<uuid:break_glass_id>/avslutt/", staff_emergency.leave, name="leave"),
    path("kontroll/", staff_emergency.reviews, name="reviews"),
    path("kontroll/<uuid:break_glass_id>/", staff_emergency.review, name="review"),
    path("kontroll/nekting/<uuid:task_id>/", staff_emergency.denial, name="denial"),
    path(_PATIENT, staff.patient, name="patient"),
    path(f"{_PATIENT}forhandsvis/", staff.preview, name="preview"),
    path(f"{_PATIENT}oppgave/<uuid:task_id>/lukk/", staff.close_task, name="close-task"),
    path(f"{_PATIENT}henvisning/<uuid:referral_id>/vurder/", staff_assessments.assess, name="assess"),
    path(
        f"{_PATIENT}vurdering/<uuid:assessment_id>/avslutt/",
        staff_assessments.end_assessment,
        name="end-assessment",
    ),
    path(f"{_PATIENT}onske/ny/", staff_assessments.wish, name="wish"),
    path(f"{_PATIENT}onske/<uuid:wish_id>/svar/", staff_assessments.answer_wish, name="answer-wish"),
    path(f"{_PATIENT}stengt/ny/", staff_blocks.block, name="block"),
    path(f"{_PATIENT}stengt/<uuid:block_id>/apne/", staff_blocks.end_block, name="end-block"),
    path(f"{_PATIENT}behandler/<uuid:clinician_id>/sperr/", staff_blocks.shut_out, name="shut-out"),
    path(f"{_PATIENT}sperre/<uuid:block_id>/opphev/", staff_blocks.let_in, name="let-in"),
    path(f"{_PATIENT}koder/<slug:service>/<uuid:item_id>/", staff_blocks.codes, name="codes"),
    path(f"{_PATIENT}fullmakt/ny/", staff_assigned.assign, name="assign"),
    path(f"{_PATIENT}fullmakt/<uuid:fullmakt_id>/avslutt/", staff_assigned.end, name="end-assigned"),
]
