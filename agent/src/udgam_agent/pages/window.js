// The agent's window. It asks the agent (same origin, with the secret of this one request) and answers the page that
// opened it, at exactly the origin the browser attested. The PIN goes from the field to the agent and nowhere else.

import { bytesOf, contentView, element, faithful, fill } from "/assets/content.js";
import { certificateCards, factsOf, listOfItems, pinNotes } from "/assets/parts.js";

const state = JSON.parse(document.getElementById("state").textContent);
const texts = state.texts;
const opener = window.opener;
const at = (id) => document.getElementById(id);

let screen = document.body.dataset.screen;
let over = false; // the page that asked has had its last word from us
let certificates = [];
let lastNotice = null;
let signedCount = new Set();
let expecting = null; // what to do with the next document

function tell(message) {
  if (opener && !opener.closed && state.origin) opener.postMessage({ udgam: 1, ...message }, state.origin);
}

function show(name) {
  screen = name;
  document.body.dataset.screen = name;
  for (const section of document.querySelectorAll("[data-on]")) section.hidden = section.dataset.on !== name;
}

function announce(text) {
  at("live").textContent = text;
}

function clearProblem() {
  at("problem").hidden = true;
  at("problem").replaceChildren();
}

function showProblem({ code, message, advice }) {
  at("problem").replaceChildren(
    element("p", {}, element("strong", {}, message)),
    element("p", {}, advice),
    element("p", { class: "hint" }, `${texts.code}: ${code}`),
  );
  at("problem").hidden = false;
}

class Refusal extends Error {
  constructor(reason) {
    super(reason.code);
    this.reason = reason;
  }
}

const FAILED = state.failed;

async function ask(step, body = {}, keepalive = false) {
  const place = state.conversation ? `/v1/conversations/${state.conversation}/${step}` : `/v1/start/${step}`;
  let answer;
  try {
    const response = await fetch(place, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Udgam-Request": state.secret },
      body: JSON.stringify(body),
      keepalive,
      cache: "no-store",
    });
    answer = await response.json();
  } catch {
    throw new Refusal(FAILED);
  }
  if (answer.error) throw new Refusal(answer.error);
  return answer;
}

function stop(reason, { quiet = false } = {}) {
  if (over) return;
  over = true;
  show("stopped");
  if (!quiet) tell({ type: "error", code: reason.code, message: reason.message, advice: reason.advice });
  at("heading").textContent = texts.stopped;
  showProblem(reason);
  endQuietly();
  at("heading").focus();
}

function endQuietly() {
  if (state.conversation) ask("end", {}, true).catch(() => {});
}

function cancel() {
  if (over) return;
  over = true;
  tell(lastNotice ? { type: "cancelled", code: lastNotice.code, message: lastNotice.message, advice: lastNotice.advice } : { type: "cancelled" });
  endQuietly();
  window.close();
  stopShown();
}

// A window that was not opened by a script cannot close itself; then it at least says that it is finished with.
function stopShown() {
  show("stopped");
  at("heading").textContent = texts.stopped;
}

function finish() {
  over = true;
  show("done");
  announce(texts.done);
  endQuietly();
  setTimeout(() => window.close(), 1200);
}

async function guarded(work) {
  try {
    clearProblem();
    await work();
  } catch (problem) {
    handle(problem instanceof Refusal ? problem.reason : FAILED);
  }
}

function handle(reason) {
  if (reason.final) {
    stop(reason);
    return;
  }
  lastNotice = reason;
  tell({ type: "notice", code: reason.code, message: reason.message, advice: reason.advice });
  if (reason.code.startsWith("agent.pin")) {
    const note = at("pin-problem");
    note.textContent = `${reason.message} ${reason.advice}`;
    note.hidden = false;
    at("pin").setAttribute("aria-invalid", "true");
    if (screen === "working") show(state.kind === "authenticate" ? "choose" : "review");
    if (reason.code === "agent.pin-last-try") at("pin-state").hidden = true;
    at("pin").focus();
  } else {
    showProblem(reason);
    if (screen === "working") look();
  }
}

function placePin(where) {
  where.replaceChildren(at("pin-field").content.cloneNode(true));
  at("show-pin").addEventListener("change", (event) => {
    at("pin").type = event.target.checked ? "text" : "password";
  });
}

// Hands the PIN over once and empties the field, whatever happens next.
function takePin(held) {
  if (held.pin.keypad) return null;
  const pin = at("pin").value;
  at("pin").value = "";
  at("pin-problem").hidden = true;
  if (pin === "") {
    at("pin-problem").textContent = texts.pin_missing;
    at("pin-problem").hidden = false;
    at("pin").focus();
    return undefined;
  }
  return pin;
}

function chosen() {
  const box = document.querySelector('input[name="certificate"]:checked');
  return box ? certificates.find((held) => held.id === box.value) : undefined;
}

function describePin() {
  const held = chosen();
  if (held && at("pin-state")) pinNotes(held, texts);
  const go = at("choice").querySelector("[data-go]");
  go.disabled = !held || held.pin.locked;
}

function look() {
  return guarded(async () => {
    show("looking");
    announce(texts.looking);
    const answer = await ask("look");
    certificates = answer.certificates;
    if (answer.refusal) {
      lastNotice = answer.refusal;
      tell({ type: "notice", code: answer.refusal.code, message: answer.refusal.message, advice: answer.refusal.advice });
      at("found").replaceChildren(factsOf(answer, texts));
      show("none");
      showProblem(answer.refusal);
      at("look-again").focus();
      return;
    }
    lastNotice = null;
    at("certificates").replaceChildren(...certificateCards(certificates, texts));
    const twins = certificates.filter((held) => held.use === "encryption").length;
    at("twins").hidden = twins === 0;
    at("twins").textContent = fill(texts.hidden_twins, { count: twins });
    show("choose");
    announce("");
    if (state.kind === "authenticate") placePin(at("pin-here"));
    describePin();
    const box = document.querySelector('input[name="certificate"]:checked');
    if (state.kind === "authenticate" && box && at("pin") && !at("pin").closest(".field").hidden) at("pin").focus();
    else (box || document.querySelector('input[name="certificate"]:not(:disabled)'))?.focus();
  });
}

function choose(event) {
  event.preventDefault();
  const held = chosen();
  if (!held || over) return;
  if (state.kind === "authenticate") authenticate(held);
  else
    guarded(async () => {
      const answer = await ask("choose", { certificate: held.id });
      show("working");
      at("working").textContent = texts.fetching;
      expecting = (document_) => review(document_, held);
      tell({ type: "certificate", certificate: answer.certificate, source: answer.source });
      tell({ type: "give", id: null });
    });
}

function authenticate(held) {
  const pin = takePin(held);
  if (pin === undefined) return;
  guarded(async () => {
    show("working");
    at("working").textContent = held.pin.keypad ? texts.pin_keypad : texts.signing;
    const answer = await ask("authenticate", { certificate: held.id, pin });
    tell({ type: "token", token: answer.token });
    finish();
  });
}

function itemOf(id) {
  return state.items.find((item) => item.id === id);
}

async function review(document_, held) {
  const found = await ask("document", document_);
  const item = itemOf(document_.id);
  const facts = element("dl", { class: "facts" });
  const fact = (name, value) => facts.append(element("dt", {}, name), element("dd", {}, value));
  fact(texts.document, faithful(item.title));
  if (item.number) fact(texts.number, faithful(item.number));
  if (found.pages !== null) fact(texts.pages, String(found.pages));
  if (found.pdf_title) fact(texts.pdf_title, faithful(found.pdf_title));
  fact(texts.digest, element("span", { class: "digest" }, item.sha256));
  const parts = [facts];
  if (found.content !== null) parts.push(contentView(found.content, found.media_type, texts));
  const address = URL.createObjectURL(new Blob([bytesOf(document_.data)], { type: "application/octet-stream" }));
  const ending = { "application/pdf": "pdf", "application/json": "json", "text/plain": "txt" }[document_.media_type];
  parts.push(element("p", {}, element("a", { href: address, download: `${item.id.replace(/[^A-Za-z0-9-]+/g, "-")}.${ending}` }, texts.save_copy)));
  if (state.items.length > 1) {
    at("all").hidden = false;
    parts.push(listOfItems(state.items, texts));
  }
  at("review").replaceChildren(...parts);
  placePin(at("pin-there"));
  pinNotes(held, texts);
  at("signing").onsubmit = (event) => {
    event.preventDefault();
    const pin = takePin(held);
    if (pin !== undefined) guarded(() => unlockAndSign(held, pin));
  };
  show("review");
  at("review-heading").focus();
}

async function unlockAndSign(held, pin) {
  show("working");
  at("working").textContent = held.pin.keypad ? texts.pin_keypad : texts.signing;
  const answer = await ask("unlock", { pin });
  await sign(answer.pin_each_time ? pin : null, held, answer.pin_each_time);
}

async function sign(pin, held, pinEachTime) {
  const result = await ask("sign", { pin });
  signedCount.add(result.id);
  progress(result.id);
  at("working").textContent = texts.waiting_site;
  expecting = async (document_) => {
    if (pinEachTime) {
      // A key that wants the PIN at each signature: the document is shown again with the field beneath it.
      await review(document_, held);
      at("signing").onsubmit = (event) => {
        event.preventDefault();
        const next = takePin(held);
        if (next !== undefined) guarded(() => sign(next, held, true));
      };
      return;
    }
    progress(document_.id);
    await ask("document", document_);
    await sign(null, held, false);
  };
  tell({ type: "signed", id: result.id, result: result.result });
  tell({ type: "give", id: null });
}

function progress(id) {
  const total = state.items.length;
  const place = state.items.findIndex((item) => item.id === id) + 1;
  const line = fill(texts.signing_of, { done: place, total, title: itemOf(id)?.title ?? "" });
  show("working");
  at("working").textContent = line;
  at("progress").hidden = total < 2;
  at("progress").max = total;
  at("progress").value = signedCount.size;
  if (total < 10 || signedCount.size % 10 === 0) announce(line);
}

// Only the page that asked, at the origin the browser attested, is listened to.
window.addEventListener("message", (event) => {
  if (!opener || event.source !== opener || event.origin !== state.origin || event.data?.udgam !== 1 || over) return;
  const message = event.data;
  if (message.type === "document" && expecting) {
    const next = expecting;
    expecting = null;
    guarded(() => next(message.document));
  } else if (message.type === "finish") {
    finish();
  } else if (message.type === "stop") {
    const detail = String(message.message ?? message.code ?? "").slice(0, 500);
    stop({ code: "agent.site-stopped", message: fill(state.stopped.message, { detail }), advice: state.stopped.advice }, { quiet: true });
  }
});

function waitForTurn() {
  at("take-over").onclick = () => guarded(() => ask("take-over"));
  const timer = setInterval(async () => {
    try {
      const answer = await ask("state");
      if (answer.state === "running" && screen === "busy") {
        clearInterval(timer);
        begin();
      }
    } catch (problem) {
      clearInterval(timer);
      if (!over) handle(problem instanceof Refusal ? problem.reason : FAILED);
    }
  }, 700);
}

function begin() {
  if (state.trusted) {
    look();
    return;
  }
  show("trust");
  // A page could open this window under a hand that is about to click or to press Enter: wait until it can be seen.
  setTimeout(() => {
    at("allow").disabled = false;
    at("heading").focus();
  }, 800);
  at("allow").onclick = () =>
    guarded(async () => {
      await ask("allow");
      state.trusted = true;
      look();
    });
}

function converse() {
  for (const button of document.querySelectorAll("[data-cancel]")) button.addEventListener("click", cancel);
  at("choice").addEventListener("submit", choose);
  at("choice").addEventListener("change", (event) => {
    if (event.target.name === "certificate") describePin();
  });
  at("look-again").addEventListener("click", look);
  at("choice").querySelector("[data-go]").id = state.kind === "authenticate" ? "go" : "continue";
  if (state.kind === "sign") {
    at("signing").querySelector("[data-go]").id = "go";
    at("continue").textContent = texts["go.continue"];
    if (state.items.length > 1) at("list").replaceChildren(listOfItems(state.items, texts));
    else at("list").replaceChildren(element("p", {}, element("strong", {}, faithful(state.items[0].title)), ` ${state.items[0].number}`));
  }
  window.addEventListener("pagehide", () => {
    if (!over) tell({ type: "closed" });
    endQuietly();
  });
  setInterval(() => {
    if (!over) ask("state").catch((problem) => problem instanceof Refusal && problem.reason.code !== "agent.failed" && stop(problem.reason));
  }, 15000);
  if (!opener) {
    stop(state.lost);
    return;
  }
  tell({ type: "ready", version: state.version, protocol: state.protocol });
  if (screen === "busy") waitForTurn();
  else begin();
}

function start() {
  at("self-test").addEventListener("click", () =>
    guarded(async () => {
      const answer = await ask("look");
      at("found").replaceChildren(factsOf(answer, texts));
      if (answer.refusal) showProblem(answer.refusal);
    }),
  );
}

for (const button of document.querySelectorAll("[data-close]")) button.addEventListener("click", () => window.close());
if (state.conversation) converse();
else if (state.refusal) tell({ type: "error", ...state.refusal });
else if (at("self-test")) start();
