"""What gateways tell us: a signed message for one of our accounts."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema, Status
from ninja.params import functions as parameters
from pydantic import Field

from udgam.flow.payments.gateways import take_message
from udgam.flow.payments.refusals import PaymentRefused
from udgam.ground.pages.limits import Limit, within
from udgam.parties.accounts.visitors import visitor_of

router = Router(tags=["payments"])
# Far more than any gateway sends, far less than would hurt.
MESSAGES = Limit("payment-messages", times=600, seconds=60)
STATUS = {"payment.message_forged": 401, "payment.message_stale": 401, "payment.message_unreadable": 422}


class Taken(Schema):
    """The message was taken."""

    taken: bool = Field(description="false when the same message had come before; nothing was done again.")


class Problem(Schema):
    """Why the message was not taken, and what to do. Nothing was changed."""

    reason: str
    message: str
    advice: str


Account = Annotated[str, parameters.Path(max_length=40, description="The payment account, as the settings name it.")]


@router.post(
    "/messages/{account}",
    response={200: Taken, 401: Problem, 404: Problem, 422: Problem, 429: Problem},
    url_name="payment-message",
    summary="A message of a payment gateway",
    description="The body is what the gateway signed, as it is; headers X-Gateway-Time and X-Gateway-Signature.",
)
def payment_message(request: HttpRequest, account: Account) -> Status[dict[str, object]]:
    """Check the signature over the exact bytes, then take the message once."""
    if not within(MESSAGES, visitor_of(request).network):
        return Status(
            429, {"reason": "api.too_many", "message": "Too many messages from here.", "advice": "Wait a minute."}
        )
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        taken = take_message(account=account, headers=headers, body=request.body, now=timezone.now())
    except PaymentRefused as refused:
        problem: dict[str, object] = {"reason": refused.code, "message": refused.message, "advice": refused.advice}
        return Status(STATUS.get(refused.code, 404), problem)
    return Status(200, {"taken": taken})
