"""What can be done with an application. Each verb opens its own transaction."""

from udgam.flow.applications.services.booking import (
    add_to_book,
    bring_back_into_book,
    change_in_book,
    keep_consignee,
    keep_product,
    retire_from_book,
)
from udgam.flow.applications.services.copying import copy_application
from udgam.flow.applications.services.deciding import (
    Point,
    approve,
    mark_issued,
    note_dispatch,
    raise_discrepancy,
    refuse,
    send_back,
)
from udgam.flow.applications.services.drafting import (
    attach_document,
    detach_document,
    save_answer,
    save_kind,
    save_section,
    start_application,
)
from udgam.flow.applications.services.goods import (
    remove_item,
    remove_material,
    save_claim,
    save_cost_sheet,
    save_item,
    save_material,
)
from udgam.flow.applications.services.holding import (
    hold,
    move_cases,
    put_back,
    reassign,
    release_cases,
    take_over,
    take_up,
)
from udgam.flow.applications.services.paying import end_unpaid, record_payment, take_back
from udgam.flow.applications.services.submitting import CheckedSignature, prepare_submission, submit
from udgam.flow.applications.services.trade_papers import (
    remove_invoice,
    remove_shipping_bill,
    save_invoice,
    save_shipping_bill,
)
from udgam.flow.applications.services.uploading import add_upload, finish_reading, keep_upload, note_progress
from udgam.flow.applications.services.verifying import ask_verification, report_verification
from udgam.flow.applications.services.withdrawing import withdraw

__all__ = [
    "CheckedSignature",
    "Point",
    "add_to_book",
    "add_upload",
    "approve",
    "ask_verification",
    "attach_document",
    "bring_back_into_book",
    "change_in_book",
    "copy_application",
    "detach_document",
    "end_unpaid",
    "finish_reading",
    "hold",
    "keep_consignee",
    "keep_product",
    "keep_upload",
    "mark_issued",
    "move_cases",
    "note_dispatch",
    "note_progress",
    "prepare_submission",
    "put_back",
    "raise_discrepancy",
    "reassign",
    "record_payment",
    "refuse",
    "release_cases",
    "remove_invoice",
    "remove_item",
    "remove_material",
    "remove_shipping_bill",
    "report_verification",
    "retire_from_book",
    "save_answer",
    "save_claim",
    "save_cost_sheet",
    "save_invoice",
    "save_item",
    "save_kind",
    "save_material",
    "save_section",
    "save_shipping_bill",
    "send_back",
    "start_application",
    "submit",
    "take_back",
    "take_over",
    "take_up",
    "withdraw",
]
