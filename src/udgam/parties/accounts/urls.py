"""Addresses of this room. It stands at the root of the site, because the doors do."""

from __future__ import annotations

from django.urls import path, re_path

from udgam.parties.accounts import doors
from udgam.parties.accounts.views import account, notices, outbox, passwords
from udgam.parties.accounts.views import doors as door_views
from udgam.parties.accounts.views import people as people_views

app_name = "accounts"
urlpatterns = [
    path("sign-in/", door_views.sign_in, name="sign-in"),
    path("sign-in/token/", door_views.sign_in_with_token, name="sign-in-token"),
    path("officer/", door_views.staff_door, {"door": doors.OFFICER}, name="officer-sign-in"),
    path("agency-administrator/", door_views.staff_door, {"door": doors.AGENCY}, name="agency-sign-in"),
    path("administrator/", door_views.staff_door, {"door": doors.ADMINISTRATOR}, name="administrator-sign-in"),
    path("sign-out/", door_views.sign_out, name="sign-out"),
    path("home/", door_views.home, name="home"),
    path("sign-in/forgot/", passwords.forgot, name="forgot"),
    path("sign-in/forgot/sent/", passwords.forgot_sent, name="forgot-sent"),
    re_path(r"^sign-in/reset/(?P<secret>[A-Za-z0-9_-]{20,64})/$", passwords.reset, name="reset"),
    path("sign-in/new-password/", passwords.new_password, name="new-password"),
    re_path(
        r"^sign-in/calculation/(?P<key>[0-9a-f]{40})/(?P<language>en|hi)\.wav$",
        passwords.calculation_sound,
        name="captcha-sound",
    ),
    path("account/", account.profile, name="profile"),
    path("account/password/", passwords.change_password, name="change-password"),
    path("account/sign-ins/", account.sign_ins, name="sign-ins"),
    path("account/sign-ins/end-others/", account.end_other_sessions, name="end-other-sessions"),
    path("account/sign-ins/<uuid:public_id>/end/", account.end_session, name="end-session"),
    path("account/confirm/", account.confirm, name="confirm"),
    path("account/notices/", notices.notices, name="notices"),
    path("account/notices/read/", notices.read_all, name="notices-read"),
    path("account/notices/<uuid:public_id>/", notices.open_notice, name="notice"),
    path("account/messages/", notices.ways, name="ways"),
    path("administration/messages/", outbox.outbox, name="outbox"),
    path("account/people/", people_views.people, name="people"),
    path("account/my-data/", account.my_data, name="my-data"),
    path("account/my-data/copy/", account.download_my_data, name="my-data-download"),
    path("account/my-data/erase/", account.erase, name="erase"),
]
