// Shows what is about to be signed. Nothing from outside is ever read as markup: every value becomes a text node.

// Signs that hide or reorder text would let a document look different from what it says, so they are made visible.
const HIDING =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\u{e0000}-\u{e0fff}]/u;
const JOINERS = /[\u200c\u200d]/u; // lawful in Devanagari

export function element(name, options = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(options)) {
    if (key === "class") made.className = value;
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export function faithful(text) {
  const pieces = document.createDocumentFragment();
  let plain = "";
  for (const sign of text) {
    if (HIDING.test(sign) && !JOINERS.test(sign)) {
      if (plain) pieces.append(plain);
      plain = "";
      const code = sign.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
      pieces.append(element("span", { class: "sign-hidden" }, `U+${code}`));
    } else {
      plain += sign;
    }
  }
  pieces.append(plain);
  return pieces;
}

function scalar(value, texts) {
  if (value === null || value === "") return texts.empty;
  if (value === true) return texts.yes;
  if (value === false) return texts.no;
  return faithful(String(value));
}

// "fob_value" becomes "FOB value": names of two or three letters are abbreviations in this field (HS, IEC, FOB, PAN).
function words(name) {
  const text = name.replaceAll("_", " ").replace(/^[a-z]{2,3}\b/, (short) => short.toUpperCase());
  return text.charAt(0).toUpperCase() + text.slice(1);
}

// Numbers stay as they are written: reading 1.10 as a number would show 1.1.
function parse(text) {
  return JSON.parse(text, (_, value, context) =>
    typeof value === "number" && context && context.source !== undefined ? context.source : value,
  );
}

function listing(value, texts) {
  const rows = element("dl");
  const entries = Array.isArray(value) ? value.map((entry, at) => [String(at + 1), entry]) : Object.entries(value);
  for (const [name, entry] of entries) {
    if (entry !== null && typeof entry === "object" && Object.keys(entry).length > 0) {
      rows.append(element("dt", { class: "outer" }, faithful(words(name))));
      rows.append(element("dd", { class: "inner" }, listing(entry, texts)));
    } else {
      const shown = entry !== null && typeof entry === "object" ? texts.empty : scalar(entry, texts);
      rows.append(element("dt", {}, faithful(words(name))), element("dd", {}, shown));
    }
  }
  return rows;
}

export function contentView(text, mediaType, texts) {
  const view = document.createDocumentFragment();
  if (mediaType !== "text/plain") {
    const value = parse(text);
    const inner = value !== null && typeof value === "object" ? listing(value, texts) : scalar(value, texts);
    view.append(element("div", { class: "content", tabindex: "0", role: "region", "aria-label": texts.what_you_sign }, inner));
  }
  view.append(
    element(
      "details",
      { open: mediaType === "text/plain" },
      element("summary", {}, texts.exact),
      element("pre", { tabindex: "0" }, faithful(text)),
    ),
  );
  return view;
}

export function bytesOf(base64) {
  const raw = atob(base64);
  const bytes = new Uint8Array(raw.length);
  for (let at = 0; at < raw.length; at += 1) bytes[at] = raw.charCodeAt(at);
  return bytes;
}

export function fill(template, values) {
  return template.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}
