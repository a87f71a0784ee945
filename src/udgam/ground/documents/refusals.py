"""Why a file is not taken."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _


class Refusal(NamedTuple):
    """What is wrong, and what the person can do."""

    message: str
    advice: str


REFUSALS: Mapping[str, Refusal] = {
    "documents.empty": Refusal(_("The file is empty."), _("Choose the file again and check that it opens.")),
    "documents.too_large": Refusal(
        _("The file is larger than %(limit)s MB."), _("Save it in a smaller size, or split it into several files.")
    ),
    "documents.type_unknown": Refusal(
        _("The kind of this file is not known to us."), _("Upload a PDF, JPEG, PNG or XLSX file.")
    ),
    "documents.type_not_allowed": Refusal(
        _("A file of the kind %(type)s is not taken here."), _("Upload one of these: %(allowed)s.")
    ),
    "documents.pdf_active": Refusal(
        _("The PDF contains active content (%(what)s)."),
        _("Print the document to a new PDF file and upload that one."),
    ),
    "documents.pdf_encrypted": Refusal(
        _("The PDF is protected by a password."), _("Save it without a password and upload it again.")
    ),
    "documents.pdf_malformed": Refusal(
        _("The PDF is damaged."), _("Save or scan the document again and upload the new file.")
    ),
    "documents.picture_malformed": Refusal(
        _("The picture is damaged."), _("Save or scan it again and upload the new file.")
    ),
    "documents.picture_too_large": Refusal(
        _("The picture has more than %(limit)s million pixels."), _("Save it in a smaller size and upload it again.")
    ),
    "documents.sheet_macros": Refusal(
        _("The workbook contains macros or embedded programs."), _("Save it as a plain XLSX workbook without macros.")
    ),
    "documents.sheet_bomb": Refusal(
        _("The workbook becomes far too large when it is opened."), _("Split it, or upload it as a PDF.")
    ),
    "documents.sheet_malformed": Refusal(
        _("The workbook is damaged."), _("Open it in your spreadsheet program, save it again and upload the new file.")
    ),
    "documents.table_unknown": Refusal(
        _("This is neither an XLSX workbook nor CSV text in UTF-8."),
        _("Download the template, fill it in, and save it as XLSX or CSV."),
    ),
    "documents.table_rows": Refusal(
        _("The table has more than %(limit)s rows."), _("Divide it into several files and applications.")
    ),
    "documents.table_columns": Refusal(
        _("The table has more than %(limit)s columns."), _("Use the columns of the template only.")
    ),
    "documents.infected": Refusal(
        _("The virus scanner found something harmful in the file."),
        _("Check your computer for viruses and upload a clean copy."),
    ),
    "documents.scanner_unavailable": Refusal(
        _("The virus scanner cannot be reached, so no file can be taken at the moment."),
        _("What you typed is kept. Try again in a few minutes."),
    ),
}


class DocumentRefused(Exception):
    """A file was refused. ``code`` is stable; ``message`` and ``advice`` are in the language of the moment."""

    def __init__(self, code: str, **params: str) -> None:
        self.code, self.params = code, params
        super().__init__(code)

    @property
    def message(self) -> str:
        return gettext(REFUSALS[self.code].message) % self.params

    @property
    def advice(self) -> str:
        return gettext(REFUSALS[self.code].advice) % self.params
