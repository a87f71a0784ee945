"""A page with one form and one act: asked, answered, refused with the reason on the page, or done with a notice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from udgam.parties.accounts.views.agent import refusal_lines
from udgam.rules.refusals import Refused


def act_by_form(
    request: HttpRequest,
    *,
    form: forms.Form,
    act: Callable[[], object],
    template: str,
    done: str,
    back: str,
    **more: Any,
) -> HttpResponse:
    """Do ``act`` when the form was sent and is valid, then go ``back``. What was typed is never lost.

    Status 422 when a field is wrong, 409 when ``act`` is refused; then nothing was changed.
    """
    page_errors: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except Refused as refused:
            page_errors = refusal_lines(refused)
        else:
            messages.success(request, done)
            return HttpResponseRedirect(back)
    context = {"form": form, "page_errors": page_errors, "back": back, **more}
    status = 409 if page_errors else 422 if form.is_bound and form.errors else 200
    return render(request, template, context, status=status)
