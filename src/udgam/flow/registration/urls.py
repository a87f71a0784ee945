"""The addresses of registration, in the order of the way."""

from __future__ import annotations

from django.urls import path

from udgam.flow.registration.views import (
    agreeing,
    colleagues,
    consent,
    contact,
    details,
    joining,
    keys,
    my_iec,
    near_misses,
    start,
    token,
    update_email,
)

app_name = "registration"
urlpatterns = [
    path("", start.start, name="start"),
    path("check-token/", start.check_token, name="check-token"),
    path("notice/", start.notice, name="notice"),
    path("token/", token.token, name="token"),
    path("waiting/", token.waiting, name="waiting"),
    path("refused/", token.refused, name="refused"),
    path("contact/", contact.contact, name="contact"),
    path("codes/", contact.codes, name="codes"),
    path("codes/resend/", contact.resend, name="resend"),
    path("declaration/", agreeing.declaration, name="declaration"),
    path("details/", details.details, name="details"),
    path("done/", details.done, name="done"),
    path("done/password/", details.resend_password, name="resend-password"),
    path("arrive/", my_iec.arrive, name="arrive"),
    path("my-iec/", my_iec.my_iec, name="my-iec"),
    path("my-iec/fetch/", my_iec.fetch_again, name="my-iec-fetch"),
    path("my-iec/branches/", my_iec.branches, name="my-iec-branches"),
    path("my-iec/contact/<slug:channel>/", my_iec.prove_contact, name="my-iec-contact"),
    path("my-iec/agreement/", consent.consent, name="consent"),
    path("people/", colleagues.people, name="people"),
    path("people/invite/", colleagues.invite, name="people-invite"),
    path("people/invitations/<int:invitation_id>/", colleagues.invitation, name="people-invitation"),
    path("people/<int:membership_id>/role/", colleagues.role, name="people-role"),
    path("people/<int:membership_id>/end/", colleagues.end, name="people-end"),
    path("people/token/", colleagues.token, name="people-token"),
    path("people/keys/", keys.keys, name="keys"),
    path("people/keys/<uuid:public_id>/revoke/", keys.revoke, name="key-revoke"),
    path("firms/", colleagues.firms, name="firms"),
    path("join/<str:secret>/", joining.join, name="join"),
    path("update-email/", update_email.update_email, name="update-email"),
    path("update-email/waiting/", update_email.waiting, name="update-email-waiting"),
    path("update-email/refused/", update_email.refused, name="update-email-refused"),
    path("update-email/address/", update_email.address, name="update-email-address"),
    path("update-email/code/", update_email.code, name="update-email-code"),
    path("update-email/done/", update_email.done, name="update-email-done"),
    path("near-misses/", near_misses.near_misses, name="near-misses"),
    path("near-misses/<uuid:public_id>/", near_misses.near_miss, name="near-miss"),
]
