"""Addresses of agencies."""

from __future__ import annotations

from django.urls import path

from udgam.parties.agencies.views import administering, agreements, applying, officers, offices, platform, rates, tokens

app_name = "agencies"
urlpatterns = [
    path("", administering.overview, name="overview"),
    path("appoint/", administering.appoint, name="appoint"),
    path("officers/<int:officer_id>/end/", administering.end_post, name="end-post"),
    path("officers/<int:officer_id>/", officers.officer, name="officer"),
    path("officers/<int:officer_id>/suspend/", officers.suspend_officer, name="suspend-officer"),
    path("officers/<int:officer_id>/leave/", officers.enter_leave, name="enter-leave"),
    path("leave/<int:leave_id>/cancel/", officers.cancel_leave, name="cancel-leave"),
    path("officers/<int:officer_id>/signature/", officers.keep_signature, name="keep-signature"),
    path("rules/", offices.own_rules, name="own-rules"),
    path("offices/<int:office_id>/", offices.office, name="office"),
    path("offices/<int:office_id>/suspend/", offices.suspend_office, name="suspend-office"),
    path("offices/<int:office_id>/region/", offices.set_region, name="set-region"),
    path("offices/<int:office_id>/hindi/", offices.name_in_hindi, name="name-office-in-hindi"),
    path("offices/<int:office_id>/stamp/", offices.keep_stamp, name="keep-stamp"),
    path("offices/<int:office_id>/series/", offices.open_series, name="open-series"),
    path("offices/<int:office_id>/agreements/add/", offices.authorise, name="authorise"),
    path("agreements/<int:authorisation_id>/end/", offices.end_authorisation, name="end-authorisation"),
    path("apply/", applying.apply, name="apply"),
    path("apply/sent/", applying.applied, name="applied"),
    path("requests/", applying.requests, name="requests"),
    path("requests/<uuid:public_id>/", applying.decide, name="request"),
    path("offices/<int:office_id>/close/", administering.close_office, name="close-office"),
    path("offices/<int:office_id>/open/", administering.open_office_again, name="open-office"),
    path("tokens/<int:token_id>/", tokens.decide_token, name="token"),
    path("bring-token/", tokens.bring_token, name="bring-token"),
    path("all/", platform.agencies, name="agencies"),
    path("agreements/", agreements.agreements, name="agreements"),
    path("agreements/correlation/", agreements.correlation, name="correlation"),
    path("agreements/<slug:code>/switch/", agreements.switch_agreement, name="switch-agreement"),
    path("agreements/<slug:code>/confirm/", agreements.confirm_agreement, name="confirm-agreement"),
    path("agreements/<slug:code>/data/", agreements.agreement_data, name="agreement-data"),
    path("agreements/<slug:code>/products/", agreements.agreement_products, name="agreement-products"),
    path("agreements/<slug:code>/file/", agreements.agreement_file, name="agreement-file"),
    path("rates/", rates.rates, name="rates"),
    path("rates/file/", rates.rates_file, name="rates-file"),
    path("admit/", platform.admit, name="admit"),
    path("<int:agency_id>/", platform.agency, name="agency"),
    path("<int:agency_id>/offices/add/", platform.add_office, name="add-office"),
    path("<int:agency_id>/administrators/add/", platform.appoint_administrator, name="appoint-administrator"),
    path("<int:agency_id>/names/add/", platform.name_exception, name="name-exception"),
    path("<int:agency_id>/hindi/", platform.name_in_hindi, name="name-agency-in-hindi"),
    path("<int:agency_id>/fee-account/", platform.fee_account, name="fee-account"),
    path("<int:agency_id>/suspend/", platform.suspend, name="suspend"),
    path("<int:agency_id>/reinstate/", platform.reinstate, name="reinstate"),
]
