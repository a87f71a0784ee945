// What makes pages smoother; every page works without it.

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
