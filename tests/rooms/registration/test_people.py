"""Several people for one firm: invited, joining, drafting, signing, leaving; brokers of several firms; strangers of each."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.at_once import at_once, codes
from tests.rooms.accounts.people import sign_in
from tests.rooms.examination.cases import Filer, make_agency, make_office
from tests.rooms.registration.applicant import Applicant, errors_of, firm, text_of_page
from tests.rooms.registration.colleagues import PASSWORD, accept, invite, join_firm, newest_secret
from udgam.flow.applications import signing
from udgam.flow.applications.queries import applications_visible_to
from udgam.flow.applications.refusals import FilingRefused
from udgam.flow.registration import policies, queries, services
from udgam.flow.registration.models import Invitation, Membership
from udgam.flow.registration.reasons import RegistrationRefused
from udgam.ground.audit.queries import acts_of
from udgam.ground.tasks import run_deferred
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.models import OwnSession, Person

pytestmark = pytest.mark.django_db
ADDRESS = "deepa@sahyadri.example"


@pytest.fixture
def filer() -> Filer:
    return Filer("spices")


@pytest.fixture
def boss(filer: Filer) -> Client:
    client = Client()
    sign_in(client, filer.person, stepped_up=True)
    return client


def _url(name: str, *args: object) -> str:
    return reverse(f"registration:{name}", args=args)


def _in(person: Person, *, stepped_up: bool = False) -> Client:
    client = Client()
    sign_in(client, person, stepped_up=stepped_up)
    return client


def test_the_first_user_invites_and_the_colleague_joins_by_the_link_in_the_mail(filer: Filer, boss: Client) -> None:
    form = {"name": "Deepa Nair", "email": ADDRESS, "role": "drafter", "language": "hi"}
    assert boss.post(_url("people-invite"), form).status_code == 302
    run_deferred()
    sent = mail.outbox[-1]
    assert sent.to == [ADDRESS]
    assert "निमंत्रण" in sent.body
    assert "Deepa Nair" in text_of_page(boss.get(_url("people")))
    secret = sent.body.split("/join/")[1].split("/")[0]

    visitor = Client()
    page = text_of_page(visitor.get(_url("join", secret)))
    assert filer.exporter.name in page
    good = {"name": "Deepa R. Nair", "new_password": "nine-blue-kites", "repeated": "nine-blue-kites", "agree": "on"}
    assert errors_of(visitor.post(_url("join", secret), {**good, "agree": ""}))
    assert errors_of(visitor.post(_url("join", secret), {**good, "new_password": "12345", "repeated": "12345"}))
    assert not Person.objects.filter(username=ADDRESS).exists()
    assert visitor.post(_url("join", secret), good).status_code == 302

    person = Person.objects.get(username=ADDRESS)
    assert (person.name, person.kind, person.must_change_password) == ("Deepa R. Nair", "exporter", False)
    assert person.check_password("nine-blue-kites")
    assert queries.exporter_of(person) == filer.exporter
    row = Invitation.objects.get()
    assert row.accepted_at is not None
    assert (row.agreed_version, len(row.agreed_sha256)) == ("2026-11", 64)
    run_deferred()
    assert mail.outbox[-1].to == [filer.person.email]
    acts = [line.act for line in acts_of(f"exporter:{filer.exporter.public_id}")]
    assert acts[-2:] == ["exporter.person_invited", "exporter.person_joined"]
    assert visitor.get(_url("join", secret)).status_code == 410


def test_a_link_works_once_for_a_week_and_not_after_it_was_withdrawn(filer: Filer, boss: Client) -> None:
    secret = invite(filer.exporter, filer.person, email=ADDRESS)
    row = Invitation.objects.get()
    late = timezone.now() + timedelta(days=7, minutes=1)
    assert queries.open_invitation(secret, late) is None
    assert boss.post(_url("people-invitation", row.id), {"do": "withdraw"}).status_code == 302
    assert Client().get(_url("join", secret)).status_code == 410
    with pytest.raises(RegistrationRefused) as refused:
        accept(secret)
    assert refused.value.code == "people.invitation_closed"
    assert Client().get(_url("join", "made-up")).status_code == 410


def test_sending_again_ends_the_earlier_link_and_has_a_limit(filer: Filer) -> None:
    first = invite(filer.exporter, filer.person, email=ADDRESS)
    row, now = Invitation.objects.get(), timezone.now()
    again = {"invitation": row, "person": filer.person, "actor": actor_of(filer.person)}
    with pytest.raises(RegistrationRefused) as refused:
        services.send_again(**again, now=now)
    assert refused.value.code == "people.sent_too_often"
    for n in range(1, 5):
        services.send_again(**again, now=now + timedelta(minutes=3 * n))
    with pytest.raises(RegistrationRefused):
        services.send_again(**again, now=now + timedelta(hours=1))
    assert queries.open_invitation(first, now) is None
    assert queries.open_invitation(newest_secret(ADDRESS), now) is not None


def test_inviting_and_withdrawing_again_and_again_has_a_limit(filer: Filer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("udgam.flow.registration.services.colleagues.MOST_INVITED", 3)
    for _time in range(3):
        invite(filer.exporter, filer.person, email=ADDRESS)
        row = Invitation.objects.get(withdrawn_at__isnull=True)
        services.withdraw_invitation(
            invitation=row, person=filer.person, actor=actor_of(filer.person), now=timezone.now()
        )
    with pytest.raises(RegistrationRefused) as refused:
        invite(filer.exporter, filer.person, email=ADDRESS)
    assert refused.value.code == "people.invited_too_many"
    Invitation.objects.update(invited_at=timezone.now() - timedelta(hours=25))
    invite(filer.exporter, filer.person, email=ADDRESS)


@pytest.mark.django_db(transaction=True)
def test_two_invitations_accepted_at_once_leave_one_firm(filer: Filer) -> None:
    mango = Filer("mango")
    member = join_firm(filer)
    services.end_membership(membership=member, person=filer.person, actor=actor_of(filer.person), now=timezone.now())
    who = member.person
    first = invite(filer.exporter, filer.person, email=who.email)
    second = invite(mango.exporter, mango.person, email=who.email, role="broker")
    outcomes: list[str] = []

    def join(secret: str) -> None:
        try:
            services.join_with_account(
                secret=secret, person=who, agreed_version="2026-11", agreed_sha256="0" * 64, now=timezone.now()
            )
            outcomes.append("joined")
        except RegistrationRefused as refused:
            outcomes.append(refused.code)
        finally:
            connection.close()

    other = threading.Thread(target=join, args=[second])
    with transaction.atomic():
        services.join_with_account(
            secret=first, person=who, agreed_version="2026-11", agreed_sha256="0" * 64, now=timezone.now()
        )
        other.start()
        other.join(timeout=3)
    other.join()
    assert outcomes == ["people.acts_for_another_firm"]
    assert Membership.objects.get(person=who, until__isnull=True).exporter == filer.exporter


def test_one_open_invitation_for_each_address_whatever_its_case(filer: Filer) -> None:
    invite(filer.exporter, filer.person, email=ADDRESS)
    with pytest.raises(RegistrationRefused) as refused:
        invite(filer.exporter, filer.person, email="Deepa@sahyadri.example")
    assert refused.value.code == "people.invited_already"
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    invite(filer.exporter, filer.person, email=ADDRESS)


def test_a_drafter_drafts_but_does_not_sign_invite_or_dismiss(filer: Filer) -> None:
    member = join_firm(filer)
    client = _in(member.person, stepped_up=True)
    page = text_of_page(client.get(_url("people")))
    assert "Invite somebody" not in page
    assert client.get(_url("people-invite")).status_code == 404
    other = Membership.objects.get(person=filer.person)
    assert client.post(_url("people-end", other.id)).status_code == 404
    assert client.post(_url("people-role", member.id)).status_code == 404

    office = make_office(make_agency(), "Mumbai")
    case = filer.draft(office)
    assert applications_visible_to(actor_of(member.person)).filter(id=case.id).exists()
    with pytest.raises(FilingRefused) as refused:
        signing.open_for_signing(
            application=case, person=member.person, actor=actor_of(member.person), now=timezone.now()
        )
    assert refused.value.code == "people.not_signatory"
    with pytest.raises(FilingRefused):
        signing.submit_signed(
            application=case,
            person=member.person,
            result="",
            chosen="",
            actor=actor_of(member.person),
            now=timezone.now(),
        )


def test_inviting_asks_for_the_token_again(filer: Filer) -> None:
    client = _in(filer.person)
    answer = client.get(_url("people-invite"))
    assert answer.status_code == 302
    assert "confirm" in answer["Location"]


def test_who_leaves_is_signed_out_at_once_and_sees_nothing_more(filer: Filer, boss: Client) -> None:
    member = join_firm(filer)
    theirs = _in(member.person)
    assert theirs.get(_url("people")).status_code == 200
    assert boss.post(_url("people-end", member.id)).status_code == 302
    assert not OwnSession.objects.filter(person=member.person).exists()
    again = _in(member.person)
    assert again.get(_url("people")).status_code == 404
    assert not applications_visible_to(actor_of(member.person)).exists()
    member.refresh_from_db()
    assert member.until is not None
    assert boss.post(_url("people-end", member.id)).status_code == 404


def test_the_last_signatory_stays(filer: Filer, boss: Client) -> None:
    own = Membership.objects.get(person=filer.person)
    assert "without a signatory" in text_of_page(boss.post(_url("people-end", own.id)))
    assert "without a signatory" in text_of_page(boss.post(_url("people-role", own.id)))
    second = join_firm(filer, role="signatory", name="Lakshmi Pillai")
    assert boss.post(_url("people-end", own.id)).status_code == 302
    second.refresh_from_db()
    assert (second.role, second.until) == ("signatory", None)


@pytest.mark.django_db(transaction=True)
def test_two_signatories_dismissing_each_other_at_once_leave_one(filer: Filer) -> None:
    first = Membership.objects.get(person=filer.person)
    second = join_firm(filer, role="signatory", name="Lakshmi Pillai")

    def dismiss(who: Membership, whom: Membership) -> None:
        services.end_membership(membership=whom, person=who.person, actor=actor_of(who.person), now=timezone.now())

    assert codes(at_once(lambda: dismiss(first, second), lambda: dismiss(second, first))) == [
        "done",
        "people.not_signatory",
    ]
    assert Membership.objects.filter(until__isnull=True).count() == 1


def test_a_role_changes_both_ways_and_the_person_is_told(filer: Filer, boss: Client) -> None:
    member = join_firm(filer)
    assert boss.post(_url("people-role", member.id)).status_code == 302
    member.refresh_from_db()
    assert member.role == "signatory"
    assert policies.may_sign(member.person, filer.exporter)
    run_deferred()
    assert mail.outbox[-1].to == [member.person.email]
    assert boss.post(_url("people-role", member.id)).status_code == 302
    assert not policies.may_sign(member.person, filer.exporter)


def test_a_broker_drafts_for_several_firms_and_sees_no_other(filer: Filer) -> None:
    mango = Filer("mango")
    address = "irfan@wharf-brokers.example"
    broker = accept(invite(filer.exporter, filer.person, email=address, role="broker"), name="Irfan Shaikh")
    secret = invite(mango.exporter, mango.person, email=address, role="broker")

    client = _in(broker)
    assert client.post(_url("join", secret), {"agree": "on"}).status_code == 302
    rows = queries.firms_of_broker(broker)
    assert [row.exporter for row in rows] == [mango.exporter, filer.exporter]
    assert client.post(_url("firms"), {"firm": rows[1].id}).status_code == 302
    assert queries.exporter_of(broker) == filer.exporter
    assert client.post(_url("firms"), {"firm": "999999"}).status_code == 409
    assert client.get(_url("my-iec")).status_code == 404
    assert client.get(_url("people")).status_code == 404

    office = make_office(make_agency(), "Mumbai")
    case, foreign = filer.draft(office), Filer("ceramics").draft(office)
    seen = applications_visible_to(actor_of(broker))
    assert seen.filter(id=case.id).exists()
    assert not seen.filter(id=foreign.id).exists()
    with pytest.raises(FilingRefused):
        signing.open_for_signing(application=case, person=broker, actor=actor_of(broker), now=timezone.now())

    assert client.post(_url("people-end", rows[0].id)).status_code == 302
    assert [row.exporter for row in queries.firms_of_broker(broker)] == [filer.exporter]


def test_only_brokers_act_for_several_firms(filer: Filer) -> None:
    mango = Filer("mango")
    member = join_firm(filer)
    secret = invite(mango.exporter, mango.person, email=member.person.email)
    assert "Sign in" in text_of_page(Client().get(_url("join", secret)))
    client = _in(member.person)
    assert "another firm" in text_of_page(client.post(_url("join", secret), {"agree": "on"}))
    assert queries.open_invitation(secret, timezone.now()) is not None
    assert queries.exporter_of(member.person) == filer.exporter


def test_the_link_of_another_is_of_no_use(filer: Filer) -> None:
    mango = Filer("mango")
    secret = invite(filer.exporter, filer.person, email=ADDRESS)
    thief = _in(mango.person)
    assert "another address" in text_of_page(thief.post(_url("join", secret), {"agree": "on"}))
    assert queries.open_invitation(secret, timezone.now()) is not None
    assert thief.get(_url("people-invitation", Invitation.objects.get().id)).status_code in (302, 404)


def test_an_invited_signatory_adds_a_token_that_the_table_allows_and_no_other(applicant: Applicant) -> None:
    spices = firm("spices")
    applicant.walk_to("done")
    owner = Person.objects.get(username=spices.iec)
    exporter = queries.exporter_of(owner)
    assert exporter is not None
    secret = invite(exporter, owner, email=ADDRESS, role="signatory", name="Lakshmi Pillai")
    person = accept(secret, name="Lakshmi Pillai")
    applicant.client = _in(person)
    wrong = applicant.post("people-token", applicant.answer("people-token", "wrong-firm"))
    assert wrong.status_code == 409
    assert not person.tokens.exists()
    taken = applicant.post("people-token", applicant.answer("people-token", "exporter"))
    assert "another account" in text_of_page(taken)
    good = applicant.post("people-token", applicant.answer("people-token", "colleague"))
    assert good.status_code == 302, text_of_page(good)
    assert person.tokens.get().holder
    assert applicant.post("people-token", {"token": "{}", "nonce": "x"}).status_code == 409


def test_the_copy_of_ones_own_data_names_the_firms(filer: Filer) -> None:
    from udgam.flow.registration import hooks

    member = join_firm(filer, role="broker", name="Irfan Shaikh")
    assert hooks.export_own_data(member.person)["acts_for"][0]["iec"] == filer.exporter.iec
    hooks.erase_own_data(member.person, timezone.now())
    assert not Membership.objects.filter(person=member.person, until__isnull=True).exists()
    assert not Invitation.objects.filter(email__iexact="irfan.shaikh@broker.example").exists()


def test_whoever_joined_signs_in_with_address_and_password(filer: Filer) -> None:
    from udgam.parties.accounts.services import admit_by_password
    from udgam.parties.accounts.visitors import Visitor

    member = join_firm(filer)
    person = admit_by_password(
        username=member.person.username.upper(),
        password=PASSWORD,
        door="exporter",
        kinds={"exporter"},
        visitor=Visitor("203.0.113.7", "tests"),
        now=timezone.now(),
    )
    assert person == member.person
