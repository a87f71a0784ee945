// The larger pieces of the window: certificates to choose from, the list of documents, what is known about the PIN.

import { element, faithful, fill } from "/assets/content.js";

function day(iso, lang) {
  const options = { day: "numeric", month: "long", year: "numeric", timeZone: "Asia/Kolkata" };
  return new Intl.DateTimeFormat(lang === "hi" ? "hi-IN-u-nu-latn" : "en-IN", options).format(new Date(iso));
}

function facts(held, texts) {
  const language = document.documentElement.lang.startsWith("hi") ? "hi" : "en";
  const lines = [];
  if (held.organisation) lines.push([texts.organisation, held.organisation]);
  lines.push([texts.issuer, held.issuer], [texts.valid_to, day(held.not_after, language)], [texts.token, held.token]);
  return lines.map(([name, value]) => element("span", { class: "certificate-facts" }, `${name}: `, faithful(value)));
}

// Encryption twins are left out: they look like the signing certificate and cannot sign.
export function certificateCards(certificates, texts) {
  const shown = certificates.filter((held) => held.use !== "encryption");
  const usable = shown.filter((held) => held.use === "signing");
  shown.sort((one, other) => Number(other.use === "signing") - Number(one.use === "signing"));
  return shown.map((held) => {
    const can = held.use === "signing";
    const box = element("input", {
      type: "radio",
      name: "certificate",
      value: held.id,
      disabled: !can,
      checked: can && usable.length === 1,
    });
    const name = element("span", { class: "certificate-name" }, faithful(held.holder));
    if (!can) name.append(" ", element("span", { class: "state" }, texts[`use.${held.use}`]));
    if (held.pin.locked) name.append(" ", element("span", { class: "state" }, texts.pin_locked));
    return element("label", { class: can ? "certificate" : "certificate cannot" }, box, element("span", {}, name, ...facts(held, texts)));
  });
}

export function pinNotes(held, texts) {
  const note = document.getElementById("pin-state");
  const { low, last_try: lastTry, locked, keypad, must_change: mustChange } = held.pin;
  const text = locked ? texts.pin_locked : lastTry ? texts.pin_last_try : low ? texts.pin_low : mustChange ? texts.pin_must_change : "";
  note.textContent = text;
  note.hidden = text === "";
  const input = document.getElementById("pin");
  input.hidden = keypad;
  input.nextElementSibling.hidden = keypad;
  if (keypad) document.getElementById("pin-hint").textContent = texts.pin_keypad;
}

export function listOfItems(items, texts) {
  const rows = items.map((item, place) =>
    element(
      "tr",
      {},
      element("td", {}, String(place + 1)),
      element(
        "td",
        {},
        faithful(item.title),
        item.number ? element("span", { class: "item-number" }, faithful(item.number)) : null,
        element("span", { class: "digest" }, item.sha256),
      ),
    ),
  );
  const head = element("tr", {}, element("th", { scope: "col" }, "#"), element("th", { scope: "col" }, `${texts.document}, ${texts.digest}`));
  return element(
    "section",
    {},
    element("h2", {}, `${texts.documents}: ${fill(texts.documents_count, { count: items.length })}`),
    element(
      "div",
      { class: "scroll", tabindex: "0", role: "region", "aria-label": texts.documents },
      element("table", {}, element("thead", {}, head), element("tbody", {}, ...rows)),
    ),
  );
}

// What a look at the tokens found, for the person or for the help desk on the telephone.
export function factsOf(answer, texts) {
  const view = document.createDocumentFragment();
  view.append(element("h2", {}, texts.checked));
  for (const problem of answer.problems) {
    view.append(element("p", { class: "warning" }, `${problem.message} ${problem.advice}`));
  }
  const rank = (held) => ["signing", "expired", "not-yet-valid", "document-signer", "unknown-key", "encryption"].indexOf(held.use);
  for (const held of [...answer.certificates].sort((one, other) => rank(one) - rank(other))) {
    const name = element("span", { class: "certificate-name" }, faithful(held.holder), " ");
    if (held.use !== "signing") name.append(element("span", { class: "state" }, texts[`use.${held.use}`]));
    else name.append(element("span", { class: held.pin.locked ? "state" : "state fine" }, held.pin.locked ? texts.pin_locked : texts.check_fine));
    view.append(element("div", { class: "certificate cannot" }, element("span"), element("span", {}, name, ...facts(held, texts))));
  }
  return view;
}
