"""How forms are drawn: label, hint, error and control in the house's pattern."""

from __future__ import annotations

from django.forms.renderers import DjangoTemplates


class PagesRenderer(DjangoTemplates):
    """Django's widgets, with the house's templates for the form and for each field."""

    form_template_name = "pages/form.html"
    field_template_name = "pages/field.html"
    formset_template_name = "pages/formset.html"

    @property
    def engine(self):  # type: ignore[no-untyped-def]
        from django.template import engines

        return engines["django"]

    def get_template(self, template_name: str):  # type: ignore[no-untyped-def]
        if template_name.startswith("pages/"):
            return self.engine.get_template(template_name)
        return DjangoTemplates().get_template(template_name)
