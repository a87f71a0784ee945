"""The English words of the agent."""

from __future__ import annotations

ADVICE: dict[str, tuple[str, str]] = {
    "agent.no-token": (
        "No token was found.",
        "Plug the token in and choose “Look again”. If it stays unseen, install the driver that came with the token "
        "and restart the agent.",
    ),
    "agent.module-broken": (
        "The token's driver could not be used ({where}).",
        "Install the driver anew from its maker, in the 64-bit version, and restart the agent.",
    ),
    "agent.token-unreadable": (
        "A token is plugged in but does not answer ({where}).",
        "Unplug it, wait five seconds, plug it in again and choose “Look again”.",
    ),
    "agent.token-gone": (
        "The token is no longer there.",
        "Plug in the same token and start again.",
    ),
    "agent.token-failed": (
        "The token reported a fault ({detail}).",
        "Unplug the token, plug it in again and start again. If it happens each time, ask the maker of the token.",
    ),
    "agent.no-certificate": (
        "The token holds no certificate of a person.",
        "Ask the certifying authority that sold the token to write the certificate to it.",
    ),
    "agent.certificate-unreadable": (
        "A certificate on the token could not be read ({where}).",
        "Ask the certifying authority that issued it. Other certificates on the token can still be used.",
    ),
    "agent.file-without-certificate": (
        "{where} has no certificate file beside it.",
        "Put the certificate beside it under the same name, ending in .cer.",
    ),
    "agent.folder-missing": (
        "The folder of sandbox files is not there ({where}).",
        "Start the sandbox once; it makes the files. Then start the agent with that folder.",
    ),
    "agent.expired": (
        "The certificate on the token has expired.",
        "Buy a renewed certificate from a certifying authority. Nothing else needs to be changed on this site.",
    ),
    "agent.not-yet-valid": (
        "The certificate on the token is not valid yet.",
        "Check the date and the time of this PC. If they are right, wait until the certificate begins.",
    ),
    "agent.only-encryption": (
        "The token holds only an encryption certificate. It cannot sign.",
        "Use the token that holds your signing certificate. If there is none, ask your certifying authority for it.",
    ),
    "agent.only-document-signer": (
        "The token holds only an organisation's document signer certificate.",
        "A document signer does not stand for a person. Use your own class 3 signing certificate.",
    ),
    "agent.key-unknown": (
        "The certificate has a kind of key that this agent does not know.",
        "Use a certificate with an RSA or ECDSA key (P-256, P-384 or P-521).",
    ),
    "agent.key-missing": (
        "The token has the certificate but not the private key that belongs to it.",
        "Use the token on which the certificate was first made.",
    ),
    "agent.key-mismatch": (
        "The token signed with another key than the certificate's. The signature was thrown away.",
        "Ask the maker of the token. Do not use this token until it was checked.",
    ),
    "agent.pin-wrong": (
        "The PIN is wrong.",
        "Type it again with care. After several wrong PINs the token locks itself.",
    ),
    "agent.pin-last-try": (
        "The PIN is wrong, and one try is left.",
        "Stop and look the PIN up. One more wrong PIN locks the token for good.",
    ),
    "agent.pin-locked": (
        "The token is locked, because a wrong PIN was given too often.",
        "Ask the seller of the token whether it can be unlocked. Most tokens cannot: then you need a new certificate on "
        "a new token.",
    ),
    "agent.pin-not-set": (
        "The token has no PIN yet.",
        "Set a PIN with the program that came with the token.",
    ),
    "agent.pin-must-change": (
        "The token wants a new PIN before it signs.",
        "Change the PIN with the program that came with the token, then start again.",
    ),
    "agent.pin-again": (
        "This token wants the PIN for each signature.",
        "Type the PIN again for the next document.",
    ),
    "agent.cancelled": ("You cancelled. Nothing was signed.", "Start again on the site when you are ready."),
    "agent.timed-out": (
        "This request is over, because nothing happened for some minutes.",
        "Close this window and start again on the site.",
    ),
    "agent.busy": (
        "Two other requests are open already.",
        "Finish or close the other windows of the signing agent, then start again on the site.",
    ),
    "agent.origin-missing": (
        "The browser did not say which site is asking.",
        "Use a current version of Chrome, Edge or Firefox, and open the site anew.",
    ),
    "agent.origin-null": (
        "The browser hid which site is asking, so the request was refused.",
        "The operator of the site must send the header “Referrer-Policy: origin” on the page with the token button.",
    ),
    "agent.origin-not-allowed": (
        "This site may not ask for signatures: {origin}",
        "Only sites with https may ask, and pages of this very PC in the sandbox.",
    ),
    "agent.sandbox-only": (
        "The agent runs with sandbox files, so it serves the sandbox on this PC only.",
        "Stop the agent and start it without --sandbox-files to use your token.",
    ),
    "agent.site-not-allowed": (
        "You have not allowed this site to ask for signatures.",
        "Start again on the site and allow it, if you trust it.",
    ),
    "agent.host-not-allowed": (
        "The agent was called by a name that is not its own.",
        "Use the address 127.0.0.1. If a site sent you here, leave it: it may be trying to misuse the agent.",
    ),
    "agent.framed": (
        "A page tried to show the agent inside itself.",
        "Leave that page: it may be trying to mislead you.",
    ),
    "agent.media-type": (
        "The request came in a form the agent does not take.",
        "This is a fault of the site. Please tell its help desk.",
    ),
    "agent.too-large": (
        "What was sent is larger than the agent takes ({limit}).",
        "This is a fault of the site. Please tell its help desk.",
    ),
    "agent.request-malformed": (
        "The request is not in the expected form: {detail}.",
        "This is a fault of the site. Please tell its help desk.",
    ),
    "agent.request-version": (
        "The site speaks version {wanted} of the protocol, and this agent version {known}.",
        "Install the current agent from the site.",
    ),
    "agent.not-yours": (
        "The request did not come from the agent's own window.",
        "Close this window and start again on the site.",
    ),
    "agent.out-of-order": (
        "This step does not belong here.",
        "Close this window and start again on the site.",
    ),
    "agent.not-found": ("There is nothing at this address.", "Start from the site that needs your signature."),
    "agent.opener-lost": (
        "The connection to the page that asked was lost.",
        "Close this window and start again on the site. If it happens each time, please tell its help desk.",
    ),
    "agent.not-listed": (
        "The site handed over a document that was not on the list you confirmed. It was not signed.",
        "Start again on the site. If it happens again, please tell its help desk.",
    ),
    "agent.document-differs": (
        "“{title}” is not the document that was on the list. It was not signed.",
        "Start again on the site. If it happens again, please tell its help desk.",
    ),
    "agent.cannot-show": (
        "“{title}” cannot be shown faithfully, so it was not signed.",
        "This is a fault of the site. Please tell its help desk.",
    ),
    "agent.pdf-wrong": (
        "The PDF cannot be signed safely: {detail}.",
        "This is a fault of the site. Please tell its help desk.",
    ),
    "agent.attributes-wrong": (
        "The data prepared for the signature do not fit the document: {detail}.",
        "This is a fault of the site. Please tell its help desk.",
    ),
    "agent.site-stopped": (
        "The site stopped: {detail}",
        "Close this window and read the message on the site.",
    ),
    "agent.failed": (
        "The agent met a fault of its own.",
        "Close this window, restart the agent and start again. If it happens again, run “udgam-agent self-test”.",
    ),
}

SCREEN: dict[str, str] = {
    "title": "Signing agent",
    "running": "The signing agent is running",
    "running_lead": "It waits for a site to ask for your signature. You can minimise this window.",
    "version": "Version",
    "look_now": "Check my token",
    "asks": "asks",
    "sandbox": "Sandbox",
    "sandbox_note": "This is the sandbox: a page of this PC is asking. Nothing signed here has any effect.",
    "files_note": "The keys come from files, not from a token. This is possible in the sandbox only.",
    "noscript": "The agent's window needs JavaScript. Allow it for 127.0.0.1 and start again on the site.",
    "purpose.register": "Prove that the token is yours, to register",
    "purpose.sign-in": "Sign in with your token",
    "purpose.step-up": "Confirm with your token that it is you",
    "purpose.check": "Check your token",
    "purpose.application": "Sign your application",
    "purpose.certificate": "Sign certificates of origin",
    "purpose.other": "Sign documents",
    "first_time": "This site asks for the first time",
    "first_time_lead": "Allow it only if you came from this site yourself and trust it. It will be remembered; your PIN is "
    "still asked each time.",
    "allow": "Allow this site",
    "not_now": "Not now",
    "busy": "Another request is open",
    "busy_lead": "Only one can be served at a time. This one goes on by itself when the other window is finished or closed.",
    "take_over": "End the other and go on here",
    "looking": "Looking for your token…",
    "choose": "Certificate",
    "holder": "Holder",
    "organisation": "Organisation",
    "issuer": "Issued by",
    "valid_to": "Valid to",
    "token": "Token",
    "use.expired": "Expired",
    "use.not-yet-valid": "Not valid yet",
    "use.document-signer": "Document signer, not a person",
    "use.unknown-key": "Unknown kind of key",
    "use.encryption": "Encrypts only",
    "hidden_twins": "Encryption certificates are not shown, because they cannot sign: {count}",
    "look_again": "Look again",
    "pin": "PIN of the token",
    "pin_hint": "The PIN stays on this PC. The site never sees it.",
    "pin_keypad": "Type the PIN on the keypad of the reader when it asks.",
    "pin_low": "A wrong PIN was given before. Type with care.",
    "pin_last_try": "One try is left. A wrong PIN now locks the token for good.",
    "pin_locked": "This token is locked. Ask the seller of the token whether it can be unlocked.",
    "pin_must_change": "The token wants a new PIN soon.",
    "pin_missing": "Type the PIN of the token.",
    "show_pin": "Show PIN",
    "go.register": "Prove it",
    "go.sign-in": "Sign in",
    "go.step-up": "Confirm",
    "go.check": "Check",
    "go.sign": "Sign",
    "go.continue": "Continue",
    "cancel": "Cancel",
    "close": "Close this window",
    "documents": "Documents to be signed",
    "documents_count": "{count} documents",
    "number": "Number",
    "document": "Document",
    "digest": "Digest (SHA-256)",
    "digests_show": "Show the digests",
    "fetching": "Fetching the document…",
    "what_you_sign": "What you sign",
    "pages": "Pages",
    "pdf_title": "Title in the PDF",
    "exact": "Show the exact bytes as text",
    "save_copy": "Save a copy of what is signed",
    "others_follow": "The other documents of the list are fetched one by one after your PIN. Each must match its digest.",
    "confirm_list": "By signing you sign every document of this list.",
    "signing": "Signing…",
    "signing_of": "Signing {done} of {total}: {title}",
    "waiting_site": "Waiting for the site…",
    "yes": "yes",
    "no": "no",
    "empty": "(empty)",
    "done": "Done",
    "done_lead": "Go back to the site. This window closes by itself.",
    "stopped": "Nothing more was signed",
    "problem": "There is a problem",
    "code": "Code for the help desk",
    "check_fine": "This certificate can sign.",
    "checked": "What was found",
}
