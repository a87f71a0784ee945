"""Every HS code has the number of digits that the agreement prints."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from udgam.rules.agreements import Agreement
from udgam.rules.content.certificate import CertificateContent
from udgam.rules.lints.lint import Fault, Lint
from udgam.rules.refusals import Reason


def check(content: CertificateContent, agreement: Agreement) -> Iterator[Fault]:
    wanted = agreement.hs_digits
    for n, item in enumerate(content.items):
        code = item.hs_code
        if not (code.isascii() and code.isdigit() and len(code) in wanted) or code.startswith("00"):
            digits = " or ".join(str(length) for length in wanted)
            yield Fault(f"items[{n}].hs_code", {"hs_code": code, "item": str(item.number), "digits": digits})


LINT = Lint(
    name="hs_code_digits",
    citation="Annexure-II to Appendix 2E, box 7; Harmonized System Convention, article 3",
    effective=date(2025, 1, 27),
    reason=Reason(
        "The HS code {hs_code} of item {item} does not have {digits} digits.",
        "Choose the code from the list.",
    ),
    check=check,
)
