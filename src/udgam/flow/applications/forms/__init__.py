"""Shape and spelling of what is typed. Whether it may stand is decided by services and policies."""

from udgam.flow.applications.forms.book import BookConsigneeForm, BookFilter, BookProductForm
from udgam.flow.applications.forms.costs import ClaimForm, CostSheetForm, MaterialForm
from udgam.flow.applications.forms.goods import ItemForm
from udgam.flow.applications.forms.kinds import KindForm, StartForm
from udgam.flow.applications.forms.lists import ListFilter
from udgam.flow.applications.forms.papers import AnswerForm, DocumentForm
from udgam.flow.applications.forms.parties import BranchForm, ConsigneeForm, OfficeForm, ProducerForm, ThirdPartyForm
from udgam.flow.applications.forms.sections import DeclarationForm, InvoiceForm, ShippingBillForm, TransportForm
from udgam.flow.applications.forms.shaping import EditForm

__all__ = [
    "AnswerForm",
    "BookConsigneeForm",
    "BookFilter",
    "BookProductForm",
    "BranchForm",
    "ClaimForm",
    "ConsigneeForm",
    "CostSheetForm",
    "DeclarationForm",
    "DocumentForm",
    "EditForm",
    "InvoiceForm",
    "ItemForm",
    "KindForm",
    "ListFilter",
    "MaterialForm",
    "OfficeForm",
    "ProducerForm",
    "ShippingBillForm",
    "StartForm",
    "ThirdPartyForm",
    "TransportForm",
]
