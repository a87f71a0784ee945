"""Shape and spelling of what is typed. Whether it may stand is decided by services and policies."""

from udgam.flow.applications.forms.goods import ItemForm
from udgam.flow.applications.forms.lists import ListFilter
from udgam.flow.applications.forms.papers import AnswerForm, DocumentForm
from udgam.flow.applications.forms.parties import BranchForm, ConsigneeForm, OfficeForm
from udgam.flow.applications.forms.sections import DeclarationForm, InvoiceForm, TransportForm
from udgam.flow.applications.forms.shaping import EditForm

__all__ = [
    "AnswerForm",
    "BranchForm",
    "ConsigneeForm",
    "DeclarationForm",
    "DocumentForm",
    "EditForm",
    "InvoiceForm",
    "ItemForm",
    "ListFilter",
    "OfficeForm",
    "TransportForm",
]
