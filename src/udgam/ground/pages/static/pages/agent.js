// Talks to the signing agent on the person's own PC, through a pop-up on the agent's loopback address.
//
// The pop-up opens at the click itself (a later one would be blocked) and receives the request by a form POST, because only
// then does the browser attest to the agent which site is asking. The answers come back by postMessage. The PIN is typed in
// the agent's window and never reaches this page. The protocol is described in docs/mechanisms/agent-protocol.md.

const POPUP_NAME = "udgam-agent";
const POPUP_SHAPE = "popup,width=560,height=760";
const READY_WITHIN = 3; // seconds, where the page names no other number
const PROTOCOL = 1;

function textBlock(code) {
  const texts = document.getElementById("udgam-agent-texts");
  const found = texts?.content.querySelector(`[data-agent-text="${CSS.escape(code)}"]`);
  return found ? document.importNode(found, true).childNodes : null;
}

// How long the window may take until it says that it is there; the installation may grant slow PCs more.
function patience() {
  const seconds = Number(document.getElementById("udgam-agent-texts")?.dataset.agentWait);
  return 1000 * (seconds > 0 ? seconds : READY_WITHIN);
}

function plainText(code, values = {}) {
  const found = textBlock(code);
  const text = found ? [...found].map((node) => node.textContent).join(" ").trim() : "";
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

function paragraph(text, name) {
  const made = document.createElement("p");
  made.className = name;
  made.textContent = text;
  return made;
}

// Compares versions number by number: "0.10.0" is newer than "0.9.1".
export function isOlder(version, minimum) {
  const read = (text) => String(text).split(/[.+-]/).map((part) => Number.parseInt(part, 10) || 0);
  const [have, want] = [read(version), read(minimum)];
  for (let at = 0; at < Math.max(have.length, want.length); at += 1) {
    const difference = (have[at] ?? 0) - (want[at] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

class Encounter {
  constructor(root) {
    this.root = root;
    this.agent = new URL(root.dataset.agentUrl).origin;
    this.kind = root.dataset.agentKind;
    this.status = root.querySelector("[data-agent-status]");
    this.buttons = [...root.querySelectorAll("[data-agent-start]")];
    this.popup = null;
    this.running = false;
    this.round = 0;
    this.onMessage = (event) => this.receive(event);
    for (const button of this.buttons) button.addEventListener("click", (event) => this.start(event));
    window.addEventListener("pagehide", () => this.leave());
  }

  // --- what the person sees -------------------------------------------------------------------------------------

  say(code, values) {
    this.status.classList.remove("agent-status--error");
    this.status.replaceChildren(paragraph(plainText(code, values), "govuk-body agent-status__text"));
  }

  // Shows a refusal with what to do. Our own words for the code come first; else those of the agent or the server.
  complain({ code, message, advice }) {
    const own = textBlock(code);
    this.status.classList.add("agent-status--error");
    if (own && !message) this.status.replaceChildren(...own);
    else {
      const lines = [paragraph(message || plainText("agent.failed"), "govuk-error-message agent-status__text")];
      if (advice) lines.push(paragraph(advice, "govuk-body"));
      this.status.replaceChildren(...lines);
    }
    if (code) this.status.append(paragraph(`${plainText("label.code")}: ${code}`, "govuk-hint agent-status__code"));
    this.status.dataset.agentCode = code ?? "";
  }

  busy(on) {
    this.running = on;
    for (const button of this.buttons) {
      if (on) button.setAttribute("aria-busy", "true");
      else button.removeAttribute("aria-busy");
    }
    if (on) delete this.status.dataset.agentCode;
  }

  // --- beginning and end ----------------------------------------------------------------------------------------

  start(event) {
    if (this.root instanceof HTMLFormElement) {
      // What has a shape is asked for it in our own words before any window opens; the server asks again.
      for (const field of this.root.querySelectorAll("[data-invalid]")) {
        field.setCustomValidity("");
        field.setCustomValidity(field.validity.valid ? "" : field.dataset.invalid);
      }
      if (!this.root.reportValidity()) {
        event.preventDefault();
        return;
      }
    }
    event.preventDefault();
    if (this.running) {
      // The window is open somewhere behind this one; asking twice would only confuse.
      if (this.popup && !this.popup.closed) this.popup.focus();
      return;
    }
    this.popup = window.open("", POPUP_NAME, POPUP_SHAPE);
    if (!this.popup || this.popup.closed) {
      this.complain({ code: "agent.popup-blocked" });
      return;
    }
    this.round += 1;
    this.ready = false;
    this.certified = false;
    this.next = null;
    this.wanted = false;
    this.notice = null;
    this.busy(true);
    this.say("progress.opening");
    window.addEventListener("message", this.onMessage);
    this.request(this.round);
  }

  async request(round) {
    try {
      const request = await this.describe();
      if (round !== this.round || !this.running) return;
      this.post(request);
      this.clock = setTimeout(() => this.ready || this.fail({ code: "agent.not-running" }), patience());
      this.watch = setInterval(() => this.popup?.closed && this.closed(), 500);
    } catch (problem) {
      this.fail(problem.reason ?? { code: "agent.site-failed" });
    }
  }

  async describe() {
    const { agentPurpose: purpose, agentNonce: nonce, agentLang } = this.root.dataset;
    const lang = agentLang === "hi" ? "hi" : "en";
    if (this.kind === "authenticate") return { version: PROTOCOL, kind: "authenticate", purpose, nonce, lang };
    const rendered = this.root.querySelector("script[data-agent-items]");
    const listed = rendered ? JSON.parse(rendered.textContent) : (await this.tellServer({ event: "open" })).items;
    const items = listed.map(({ id, title, number, sha256, media_type }) => ({ id, title, number, sha256, media_type }));
    return { version: PROTOCOL, kind: "sign", purpose, lang, items };
  }

  post(request) {
    const form = document.createElement("form");
    form.method = "post";
    form.action = `${this.agent}/v1/request`;
    form.target = POPUP_NAME;
    form.hidden = true;
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = "request";
    field.value = JSON.stringify(request);
    form.append(field);
    document.body.append(form);
    form.submit();
    form.remove();
  }

  tidy() {
    clearTimeout(this.clock);
    clearInterval(this.watch);
    window.removeEventListener("message", this.onMessage);
    this.busy(false);
  }

  toAgent(message) {
    if (this.popup && !this.popup.closed) this.popup.postMessage({ udgam: 1, ...message }, this.agent);
  }

  // Ends with a refusal found on this side: the agent's window is told when it listens, and closed when it does not.
  fail(reason) {
    if (!this.running) return;
    if (this.ready && reason.code !== "agent.too-old") {
      this.toAgent({ type: "stop", code: reason.code, message: reason.message || plainText(reason.code), advice: reason.advice });
    } else {
      this.popup?.close();
    }
    this.giveUp(reason);
  }

  giveUp(reason) {
    const certified = this.certified;
    this.tidy();
    this.complain(reason);
    if (certified) this.tellServer({ event: "stopped", code: reason.code }, true).catch(() => {});
  }

  closed() {
    if (!this.running) return;
    this.giveUp(this.notice ?? { code: this.ready ? "agent.cancelled" : "agent.closed" });
  }

  leave() {
    if (!this.running) return;
    this.toAgent({ type: "stop", code: "agent.page-left", message: plainText("agent.page-left") });
    if (this.certified) this.tellServer({ event: "stopped", code: "agent.page-left" }, true).catch(() => {});
    this.tidy();
  }

  // --- the agent speaks -----------------------------------------------------------------------------------------

  receive(event) {
    if (!this.running || event.origin !== this.agent || event.source !== this.popup || event.data?.udgam !== 1) return;
    const message = event.data;
    const steps = {
      ready: () => this.onReady(message),
      notice: () => this.onNotice(message),
      token: () => this.onToken(message),
      certificate: () => this.onCertificate(message),
      give: () => this.onGive(),
      signed: () => this.onSigned(message),
      error: () => this.giveUp(message),
      cancelled: () => this.giveUp(message.code ? message : { code: "agent.cancelled" }),
      // The window went away: closed by the person, or reloaded. The message comes before the browser says so.
      closed: () => setTimeout(() => this.popup?.closed && this.closed(), 300),
    };
    steps[message.type]?.();
  }

  onReady(message) {
    this.ready = true;
    clearTimeout(this.clock);
    const minimum = this.root.dataset.agentMinimum ?? "0";
    if (message.protocol !== PROTOCOL || isOlder(message.version, minimum)) this.fail({ code: "agent.too-old" });
    else this.say("progress.in-window");
  }

  // Not the end: the person can still plug the token in or type the PIN again.
  onNotice(message) {
    this.notice = { code: message.code, message: message.message, advice: message.advice };
    this.complain(this.notice);
  }

  onToken(message) {
    if (this.kind !== "authenticate") return;
    this.root.elements.namedItem(this.root.dataset.agentField).value = JSON.stringify(message.token);
    this.tidy();
    this.say("progress.checking");
    HTMLFormElement.prototype.submit.call(this.root);
  }

  onCertificate(message) {
    if (this.kind !== "sign" || this.certified) return;
    this.certified = true;
    this.notice = null;
    this.count = 0;
    this.say("progress.preparing");
    this.exchange({ event: "certificate", certificate: message.certificate, source: message.source });
  }

  onSigned(message) {
    if (!this.certified) return;
    this.notice = null;
    this.count += 1;
    this.say("progress.signed", { count: this.count });
    this.exchange({ event: "signed", id: message.id, result: message.result });
  }

  onGive() {
    this.wanted = true;
    this.hand();
  }

  hand() {
    if (!this.wanted || !this.next) return;
    const { id, kind, media_type, data, signed_attributes = null } = this.next;
    const document_ = { id, kind, media_type, data };
    if (signed_attributes !== null) document_.signed_attributes = signed_attributes;
    this.wanted = false;
    this.next = null;
    this.toAgent({ type: "document", document: document_ });
  }

  // --- the server speaks ----------------------------------------------------------------------------------------

  async exchange(event) {
    const round = this.round;
    try {
      const answer = await this.tellServer(event);
      if (round !== this.round || !this.running) return;
      if (answer.next) {
        this.next = answer.next;
        this.hand();
      } else if (answer.done) {
        this.toAgent({ type: "finish" });
        this.tidy();
        this.say("progress.done");
        const place = new URL(answer.done.location, window.location.href);
        if (place.origin === window.location.origin) window.location.assign(place);
      } else throw Object.assign(new Error("no step"), { reason: { code: "agent.site-failed" } });
    } catch (problem) {
      if (round === this.round) this.fail(problem.reason ?? { code: "agent.site-failed" });
    }
  }

  async tellServer(event, keepalive = false) {
    const response = await fetch(this.root.dataset.agentConversation, {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": this.csrf() },
      body: JSON.stringify(event),
      keepalive,
    });
    let answer = null;
    try {
      answer = await response.json();
    } catch {
      answer = null; // a page of a proxy, or an empty answer: the status decides below
    }
    if (answer?.refused) {
      const { reason, message, advice } = answer.refused;
      throw Object.assign(new Error(reason), { reason: { code: reason, message, advice } });
    }
    if (!response.ok || answer === null) throw Object.assign(new Error("site"), { reason: { code: "agent.site-failed" } });
    return answer;
  }

  csrf() {
    const field = this.root.querySelector('input[name="csrfmiddlewaretoken"]') ?? document.querySelector('input[name="csrfmiddlewaretoken"]');
    return field?.value ?? "";
  }
}

for (const root of document.querySelectorAll("[data-agent-form]")) new Encounter(root);
