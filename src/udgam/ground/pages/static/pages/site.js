// What makes pages smoother; every page works without it.

// What was typed when the session had ended comes back after signing in. It stays in this window's own storage, never holds
// a password, a file or a hidden value, and goes as soon as the form was taken or another way was chosen.
const TYPED = "udgam-typed";
const doorNote = document.querySelector("#returning [data-typed-kept]");
const formAgain = document.getElementById("form-again");

function controlsOf(form) {
  return [...form.elements].filter((control) => control.name && !["hidden", "password", "file", "submit", "button"].includes(control.type));
}

function setAside(form) {
  if (!form || !document.getElementById("typed-back")) return;
  const values = controlsOf(form)
    .filter((control) => control.autocomplete !== "one-time-code")
    .map(({ name, type, value, checked }) => ({ name, value, checked: ["radio", "checkbox"].includes(type) ? checked : null }));
  sessionStorage.setItem(TYPED, JSON.stringify({ path: location.pathname, values, at: Date.now(), waits: false }));
}

function putBack(values) {
  let changed = false;
  for (const form of document.querySelectorAll("main form[method=post]")) {
    for (const control of controlsOf(form)) {
      const kept = values.find((one) => one.name === control.name && (one.checked === null || one.value === control.value));
      if (!kept) continue;
      if (kept.checked === null ? control.value !== kept.value : control.checked !== kept.checked) changed = true;
      if (kept.checked === null) control.value = kept.value;
      else control.checked = kept.checked;
    }
  }
  return changed;
}

const typed = JSON.parse(sessionStorage.getItem(TYPED) ?? "null");
if (typed) {
  const awaited = new URLSearchParams(location.search).get("next");
  const note = document.querySelector("#typed-back > p");
  if (Date.now() - typed.at > 60 * 60 * 1000) sessionStorage.removeItem(TYPED);
  else if ((doorNote && (typed.waits || awaited === typed.path)) || formAgain) {
    sessionStorage.setItem(TYPED, JSON.stringify({ ...typed, waits: true }));
    if (doorNote) doorNote.hidden = false;
    if (formAgain) {
      formAgain.hidden = false;
      formAgain.querySelector("a").href = typed.path;
    }
  } else if (typed.waits && note && location.pathname === typed.path) {
    sessionStorage.removeItem(TYPED);
    note.hidden = !putBack(typed.values);
  } else if (!typed.waits || (!note && !doorNote)) sessionStorage.removeItem(TYPED);
}
document.addEventListener("submit", ({ target }) => target.closest("main") && target.method === "post" && setAside(target));

const dialog = document.getElementById("session-warning");
if (dialog) {
  const text = dialog.querySelector("[data-session-text]");
  const total = Number(dialog.dataset.seconds) * 1000;
  const warnBefore = 3 * 60 * 1000;
  let deadline = Date.now() + total;
  const keep = async () => {
    const token = document.querySelector("input[name=csrfmiddlewaretoken]");
    const answer = await fetch(dialog.dataset.keep, { method: "POST", headers: { "X-CSRFToken": token ? token.value : "" } });
    if (answer.ok) {
      deadline = Date.now() + total;
      dialog.close();
    } else {
      setAside(document.querySelector("main form[method=post]"));
      location.reload();
    }
  };
  dialog.querySelector("[data-session-keep]").addEventListener("click", keep);
  dialog.addEventListener("cancel", keep);
  setInterval(() => {
    const left = deadline - Date.now();
    if (left < warnBefore && left > 0) {
      const minutes = Math.max(1, Math.ceil(left / 60000));
      const words = minutes === 1 ? text.dataset.one : text.dataset.many.replace("%n", String(minutes));
      if (text.textContent !== words) text.textContent = words;
      if (!dialog.open) dialog.showModal();
    }
  }, 5000);
}

// A control that only works with scripts is hidden until here.
for (const element of document.querySelectorAll("[data-needs-script]")) element.hidden = false;

// Copy a number to the clipboard, and say so.
for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    const status = document.getElementById(button.dataset.copyStatus);
    if (status) status.textContent = button.dataset.copied;
  });
}

const summary = document.getElementById("error-summary");
if (summary) summary.focus();

// On a phone the rows of a wide table are stacked; each value then says under which heading it stands.
for (const table of document.querySelectorAll(".udgam-table-wrap > table:has(> thead)")) {
  const headings = [...table.tHead.rows[0].cells].map((cell) => cell.textContent.trim());
  for (const row of [...table.tBodies].flatMap((body) => [...body.rows])) {
    [...row.cells].forEach((cell, index) => {
      if (headings[index] && cell.tagName === "TD") cell.dataset.heading = headings[index];
    });
  }
  table.classList.add("udgam-stacked");
}

// A long number may break after its slashes, and nowhere else.
for (const element of document.querySelectorAll("h1, .udgam-number, .udgam-number-large, .govuk-hint")) {
  for (const text of [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE && /\w\/\w/.test(node.data))) {
    const parts = text.data.split(/(?<=\w\/)(?=\w)/);
    text.replaceWith(...parts.flatMap((part, index) => (index ? [document.createElement("wbr"), part] : [part])));
  }
}
