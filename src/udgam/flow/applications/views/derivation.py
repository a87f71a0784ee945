"""The derivation of origin of a signed line of goods: to read, to print, and to compute again elsewhere."""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from udgam.flow.applications.models import Application, OriginFinding, Submission
from udgam.flow.applications.origin import line_computed
from udgam.flow.applications.queries import finding_of, findings_kept
from udgam.flow.applications.views.finding import application_of
from udgam.flow.applications.views.origin import ShownLine, shown_line
from udgam.ground.agreements.queries import rule_files_for
from udgam.ground.pages.security import private_page
from udgam.parties.accounts.decorators import requires
from udgam.parties.accounts.models import Person
from udgam.parties.accounts.views.agent import refusal_lines
from udgam.rules.agreements import AgreementRefused
from udgam.rules.content import ApplicationContent, canonical_json, read_application
from udgam.rules.origin import Finding, answer_digest, case_plain

_HOW_TO = """Derivation of origin: {number}, version {version}, line {position}

derivation.json   what was found. SHA-256 {sha256}; the signed application names this digest.
case.json         the facts: prices, materials, costs. SHA-256 {inputs}.
agreement.json    the data of the agreement that decided.
product-rules.csv, correlation.csv   the further tables that decided, where there were any.

To compute it again with udgam:

    udgam origin case.json --agreement-file agreement.json{further}

It prints the digest of the derivation, which must be the one above.
"""


@dataclass(frozen=True)
class Kept:
    """A derivation that was kept with a signed version, and what the rules say now about the same facts."""

    application: Application
    submission: Submission
    content: ApplicationContent
    finding: OriginFinding
    line: ShownLine
    computed: Finding
    before: int | None
    after: int | None

    @property
    def is_same(self) -> bool:
        """Whether the same facts and data still give the bytes that were kept."""
        return answer_digest(self.computed) == self.finding.sha256


def _name(finding: OriginFinding) -> str:
    number = (finding.submission.application.number or "application").replace("/", "-")
    return f"{number}-v{finding.submission.version}-line-{finding.item}-origin"


def kept_derivation(application: Application, version: int, position: int) -> Kept:
    """The derivation of a line of a signed version, with what the rules say now.

    Raises `Http404` where none was kept, `AgreementRefused` where a table that decided is lost.
    """
    finding = _finding(application, version, position)
    content = read_application(bytes(finding.submission.content))
    computed = line_computed(content, position)
    if computed is None or computed[1].finding is None:
        raise Http404
    lines = findings_kept(application).get(version, [])
    here = lines.index(position)
    return Kept(
        application=application,
        submission=finding.submission,
        content=content,
        finding=finding,
        line=shown_line(computed[0]),
        computed=computed[1].finding,
        before=lines[here - 1] if here else None,
        after=lines[here + 1] if here + 1 < len(lines) else None,
    )


def _finding(application: Application, version: int, position: int) -> OriginFinding:
    finding = finding_of(application, version, position)
    if finding is None:
        raise Http404
    return finding


def render_derivation(
    request: HttpRequest, application: Application, version: int, position: int, *, room: str, back: str
) -> HttpResponse:
    """The page of a derivation, which prints well; where a table that decided is lost, a page that says so."""
    place = [application.public_id, version, position]
    try:
        kept = kept_derivation(application, version, position)
    except AgreementRefused as lost:
        return _refused(request, lost, place, room=room, back=back)
    context = {
        "kept": kept,
        "line": kept.line,
        "back": back,
        "address": f"{room}:derivation",
        "file": reverse(f"{room}:derivation-file", args=place),
        "bundle": reverse(f"{room}:derivation-bundle", args=place),
    }
    return render(request, "applications/derivation.html", context)


def _refused(
    request: HttpRequest, lost: AgreementRefused, place: list[object], *, room: str, back: str
) -> HttpResponse:
    context = {"page_errors": refusal_lines(lost), "back": back, "file": reverse(f"{room}:derivation-file", args=place)}
    return render(request, "applications/derivation_refused.html", {**context, "position": place[-1]}, status=409)


def derivation_as_file(application: Application, version: int, position: int) -> HttpResponse:
    """The kept bytes, whose SHA-256 the signed application names. They need no table."""
    finding = _finding(application, version, position)
    return _download(bytes(finding.derivation), f"{_name(finding)}.json", "application/json")


def derivation_as_bundle(
    request: HttpRequest, application: Application, version: int, position: int, *, room: str, back: str
) -> HttpResponse:
    """Everything with which somebody else computes the same derivation: facts, rule data, and how."""
    try:
        kept = kept_derivation(application, version, position)
    except AgreementRefused as lost:
        return _refused(request, lost, [application.public_id, version, position], room=room, back=back)
    case = canonical_json(case_plain(kept.computed.case))
    rules = rule_files_for(kept.content)
    told = {
        "number": kept.application.number,
        "version": kept.submission.version,
        "position": kept.finding.item,
        "sha256": kept.finding.sha256,
        "inputs": hashlib.sha256(case).hexdigest(),
        "further": "".join(f" --{name.removesuffix('.csv')} {name}" for name in rules if name.endswith(".csv")),
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", _HOW_TO.format_map(told))
        archive.writestr("derivation.json", bytes(kept.finding.derivation))
        archive.writestr("case.json", case)
        for name, data in rules.items():
            archive.writestr(name, data)
    return _download(packed.getvalue(), f"{_name(kept.finding)}.zip", "application/zip")


def _download(data: bytes, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(data, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@requires(Person.Kind.EXPORTER)
@private_page
@require_GET
def derivation(request: HttpRequest, public_id: UUID, version: int, position: int) -> HttpResponse:
    """The derivation of a signed line, to read and to print."""
    application, back = application_of(request, public_id), reverse("applications:detail", args=[public_id])
    return render_derivation(request, application, version, position, room="applications", back=back)


@requires(Person.Kind.EXPORTER)
@private_page
@require_GET
def derivation_file(request: HttpRequest, public_id: UUID, version: int, position: int) -> HttpResponse:
    """The derivation as JSON, byte for byte as it was kept."""
    return derivation_as_file(application_of(request, public_id), version, position)


@requires(Person.Kind.EXPORTER)
@private_page
@require_GET
def derivation_bundle(request: HttpRequest, public_id: UUID, version: int, position: int) -> HttpResponse:
    """The derivation with all that is needed to compute it again, as ZIP."""
    application, back = application_of(request, public_id), reverse("applications:detail", args=[public_id])
    return derivation_as_bundle(request, application, version, position, room="applications", back=back)
