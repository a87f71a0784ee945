"""How forms are drawn: label, hint, error and control in the house's pattern."""

from __future__ import annotations

from django.forms.renderers import TemplatesSetting


class PagesRenderer(TemplatesSetting):
    """Django's widgets, with the house's templates for the form and for each field.

    All of them come from the site's one template engine (`django.forms` is an installed app for that), which keeps what it has
    compiled; an engine for widgets alone would compile them again for every page.
    """

    form_template_name = "pages/form.html"
    field_template_name = "pages/field.html"
    formset_template_name = "pages/formset.html"
