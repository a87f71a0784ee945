// The page around the check: choosing what to believe, reading pictures and the camera, and saying the outcome in either language.

const data = JSON.parse(document.getElementById("data").textContent);
const by = (id) => document.getElementById(id);
let language = navigator.language?.startsWith("hi") ? "hi" : "en";
let trusted = null;
let pin = data.pin;
let list = data.list;
let problem = "";
let shown = null;
let stream = null;
let chosen = 0;

const words = (name, values = {}) => (data.texts[language][name] ?? name).replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
const element = (name, text) => Object.assign(document.createElement(name), { textContent: text });

function showTexts() {
  document.documentElement.lang = language === "hi" ? "hi" : "en-IN";
  document.title = words("title");
  for (const one of document.querySelectorAll("[data-text]")) one.textContent = words(one.dataset.text);
  by("camera").textContent = words(stream ? "stop" : "camera");
  Object.assign(by("language"), language === "hi" ? { textContent: "English", lang: "en" } : { textContent: "हिंदी", lang: "hi" });
  const facts = trusted ? { issuer: trusted.trust.issuer, version: trusted.trust.version, date: trusted.trust.published_at.slice(0, 10), key: trusted.pins } : {};
  by("believed").textContent = trusted ? words("believed", facts) : words(problem || "no_trust");
  showResult();
}

function showResult() {
  const place = by("result");
  place.replaceChildren();
  place.className = "";
  if (!shown) return;
  if (shown.searching) {
    place.append(element("p", words("searching")));
    return;
  }
  if (shown.problem) {
    place.className = "no";
    place.append(element("p", words(shown.problem)));
    return;
  }
  place.className = shown.valid ? "yes" : "no";
  const other = shown.steps.some((one) => one.reason === "other_register");
  const verdict = shown.valid ? "valid" : other ? "other" : "not_valid";
  place.append(element("h2", `${shown.valid ? "✓" : other ? "?" : "✗"} ${words(verdict)}`), element("p", words(`${verdict}_text`)));
  for (const one of shown.warnings) place.append(element("p", words(`warning_${one.reason}`, one.values)));
  const steps = document.createElement("ol");
  for (const one of shown.steps) {
    const line = element("li", `${words(`step_${one.step}`)}: ${words(one.holds ? "holds" : "fails")}. `);
    line.append(words(one.holds ? `held_${one.step}` : `refused_${one.reason}`, one.values));
    steps.append(line);
  }
  place.append(steps);
  if (!shown.claims) return;
  const said = document.createElement("dl");
  const row = (name, value) => said.append(element("dt", words(name)), element("dd", String(value)));
  const { number, agency, office, agreement, exporter, country, issuedOn, validUntil, count, items } = shown.claims;
  for (const [name, value] of Object.entries({ number, agency, office, agreement, exporter, country, issued: issuedOn, until: validUntil, count })) if (value !== null) row(name, value);
  items.forEach(([code, quantity, unit], place) => row("item", `${place + 1}. ${code}: ${quantity} ${unit}`));
  place.append(element("h3", words("says")), said);
}

async function believe() {
  trusted = null;
  problem = data.list || list ? "" : "not_published";
  if (pin && list) {
    try {
      trusted = await readTrust({ pin, list });
      trusted.pins = (typeof pin === "string" ? JSON.parse(pin) : pin).keys.map((one) => one.id).join(", ");
    } catch {
      problem = "bad_trust";
    }
  }
  shown = null;
  showTexts();
}

async function run(text) {
  shown = !trusted ? { problem: problem || "no_trust" } : text.trim() ? await check(text, trusted) : { problem: "nothing" };
  showResult();
  by("result").scrollIntoView({ block: "nearest" });
}

function stopCamera() {
  stream?.getTracks().forEach((track) => track.stop());
  stream = null;
  by("video").hidden = true;
  showTexts();
}

function look() {
  if (!stream) return;
  const video = by("video");
  const { videoWidth: width, videoHeight: height } = video;
  const text = width ? codeInPiece(video, [0, 0, width, height], Math.min(Math.max(width, height), WIDEST_LOOK)) : "";
  if (text.startsWith("UD1:")) {
    stopCamera();
    by("text").value = text;
    run(text);
  } else setTimeout(look, 200);
}

by("language").addEventListener("click", () => {
  language = language === "hi" ? "en" : "hi";
  showTexts();
});
by("trust-file").addEventListener("change", async ({ target }) => {
  for (const file of target.files) {
    const text = await file.text();
    if (text.trimStart().startsWith("{")) pin = text;
    else list = text;
  }
  believe();
});
by("picture").addEventListener("change", async ({ target }) => {
  const [file] = target.files;
  if (!file) return;
  const asked = (chosen += 1);
  let text = "";
  try {
    if (file.type.startsWith("image/")) {
      shown = { searching: true };
      showResult();
      const picture = await openPicture(file);
      text = await searchedCode(picture, picture.width, picture.height);
    } else text = await file.text();
  } catch {
    text = "";
  }
  // Another picture was chosen while this one was searched.
  if (asked !== chosen) return;
  if (text) {
    by("text").value = text;
    run(text);
  } else {
    shown = { problem: "no_code" };
    showResult();
  }
});
by("camera").addEventListener("click", async () => {
  if (stream) {
    stopCamera();
    return;
  }
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: "environment" } });
    by("video").srcObject = stream;
    by("video").hidden = false;
    await by("video").play();
    showTexts();
    look();
  } catch {
    stopCamera();
    shown = { problem: "no_camera" };
    showResult();
  }
});
by("check").addEventListener("click", () => run(by("text").value));
believe();
