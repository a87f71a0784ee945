"""What the offline page says. English here; the catalogue has the Hindi, and the file carries both."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

TEXTS = {
    "title": _("Verify a certificate without a network"),
    "lead": _(
        "This page works from your disk. It sends nothing and asks nobody; it checks the signed code and the credential."
    ),
    "trust": _("Whom this page believes"),
    "believed": _(
        "Trust list {version} of {issuer}, published on {date}. Compare the pinned key with the issuer's own notice: {key}"
    ),
    "no_trust": _(
        "No trust list is here yet. Choose register.json and trust-list.jwt of the register that you believe."
    ),
    "not_published": _(
        "When this page was downloaded, the register had published nothing yet. Download it again later, or choose register.json and trust-list.jwt."
    ),
    "bad_trust": _(
        "The trust list cannot be believed: it is not signed by a key of the register that is pinned. Get both files again."
    ),
    "trust_file": _("Newer trust list"),
    "trust_hint": _(
        "trust-list.jwt alone is checked against the key that is pinned here. With register.json you change whom you believe."
    ),
    "input": _("What you want to check"),
    "picture": _("Picture of the page or of its large QR code, or the credential's file"),
    "camera": _("Use the camera"),
    "stop": _("Turn the camera off"),
    "text": _("Or the text of the code or credential"),
    "check": _("Check"),
    "nothing": _("Choose a picture, or paste the text of the large code or of the credential."),
    "searching": _("The picture is being searched for the large code. A whole page can take half a minute."),
    "no_code": _(
        "There is no QR code in the picture that can be read. Take it again, straight and in good light, so that the large code fills it."
    ),
    "no_camera": _("The camera cannot be used here. Choose a picture instead."),
    "valid": _("Genuine: signed by an office that could issue it"),
    "valid_text": _(
        "Compare every line below with the paper. Whether it was cancelled since is not known without a network: ask the site before you rely on it."
    ),
    "not_valid": _("Not a valid proof of this register"),
    "not_valid_text": _("One step does not hold. Do not rely on it."),
    "other": _("Of a register that is not believed here"),
    "other_text": _("It may be genuine. This page cannot say, because it does not know the keys of that register."),
    "warning_expired": _("The certificate was valid until {date}; goods that arrive later need another."),
    "warning_old_list": _(
        "A newer trust list was due on {date}. Keys that were withdrawn since are not known here: get a newer list."
    ),
    "holds": _("holds"),
    "fails": _("does not hold"),
    "step_1": _("Form"),
    "step_2": _("Key"),
    "step_3": _("Signature"),
    "step_4": _("Time"),
    "step_5": _("Right to issue"),
    "held_1": _("It is written exactly as it is issued."),
    "held_2": _("The key is that of {office}, {agency}."),
    "held_3": _("The office's key signed exactly this."),
    "held_4": _("The key was in force when it signed."),
    "held_5": _("{office} could issue under the agreement."),
    "refused_not_ours": _(
        "This is neither a signed code nor a credential of a certificate. Scan the large code, not the small one."
    ),
    "refused_extract": _(
        "This is an extract, which this page cannot check. Check it on the site or with udgam-verify."
    ),
    "refused_unreadable": _(
        "It is damaged, cut off, or not written as it is issued. Scan or copy it again; if it stays so, it is not genuine."
    ),
    "refused_algorithm": _(
        "It asks to be checked in another way than the one that is allowed. That is a known trick of forgers."
    ),
    "refused_kind": _("It is a signed text of another kind, not a certificate."),
    "refused_key": _("The trust list names no office with the key {key}. Anybody can draw such a code."),
    "refused_other_register": _(
        "It names the register {register}, which is not pinned here, so nobody here can say whether it is genuine. Choose register.json and trust-list.jwt of that register above, if you believe it."
    ),
    "refused_signature": _("The office's key did not sign this, or it was changed since."),
    "refused_claims": _("What is signed is not a whole certificate of the issued form."),
    "refused_future": _(
        "It is dated in the future. Check the clock of this computer; if that is right, the proof is false."
    ),
    "refused_compromised": _(
        "The key of the office was stolen, so nothing that it signed counts. Ask for the certificate as it was sealed again."
    ),
    "refused_period": _("The key of the office was not in force when it signed."),
    "refused_before": _("It was signed before the date of issue that it states."),
    "refused_register": _("It names another register than the one that is pinned here."),
    "refused_office": _("It names another office than the one that holds the key."),
    "refused_power": _("The office could not issue under the agreement {agreement} at that time."),
    "says": _("What it says"),
    "number": _("Certificate number"),
    "agency": _("Agency"),
    "office": _("Office"),
    "agreement": _("Agreement"),
    "exporter": _("Exporter"),
    "country": _("Consignee's country"),
    "issued": _("Date of issue"),
    "until": _("Valid until"),
    "count": _("Number of items"),
    "item": _("Item"),
}
