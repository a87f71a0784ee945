// Checks the signed code and the credential of a certificate of origin, on this computer alone: nothing is fetched, nothing is sent.
// The rules are those of docs/mechanisms/signed-code.md and proof.md; one spelling for one content, one algorithm, no choice left to the input.

const P256 = { name: "ECDSA", namedCurve: "P-256" };
const ES256 = { name: "ECDSA", hash: "SHA-256" };
const LONGEST_CODE = 3391;
const LARGEST_CLAIMS = 16 * 1024;
const COMPRESSED = "application/cwt+zlib";
const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const BYTES = new TextEncoder();
// The number of points of P-256; our keys write the smaller of the two s that are possible, since this moment (ADR 0059).
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const SMALLER_S_SINCE = Date.UTC(2026, 11, 2);
const CLOCK_TOLERANCE = 5 * 60 * 1000;

// A refusal carries the name of its sentence; the page says it in the reader's language.
class Refusal extends Error {
  constructor(step, reason, values = {}) {
    super(reason);
    Object.assign(this, { step, reason, values });
  }
}
const same = (one, other) => one.length === other.length && one.every((value, place) => value === other[place]);
const hex = (bytes) => [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
const joined = (...parts) => {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let place = 0;
  for (const part of parts) {
    out.set(part, place);
    place += part.length;
  }
  return out;
};
const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

// Base45 (RFC 9285).
function fromBase45(text) {
  const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
  const values = [...text].map((one) => letters.indexOf(one));
  if (values.includes(-1) || values.length % 3 === 1) throw new Refusal(1, "unreadable");
  const out = [];
  for (let place = 0; place < values.length; place += 3) {
    const [low, middle, high] = values.slice(place, place + 3);
    const value = low + 45 * middle + 2025 * (high ?? 0);
    if (value > (high === undefined ? 0xff : 0xffff)) throw new Refusal(1, "unreadable");
    if (high !== undefined) out.push(value >> 8);
    out.push(value & 0xff);
  }
  return Uint8Array.from(out);
}

// Base64url without padding, in its one spelling (RFC 7515, 2).
function toBase64url(bytes) {
  let text = "";
  for (const one of bytes) text += String.fromCharCode(one);
  return btoa(text).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}
function fromBase64url(text) {
  if (typeof text !== "string" || !/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) throw new Refusal(1, "unreadable");
  const bytes = Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
  if (toBase64url(bytes) !== text) throw new Refusal(1, "unreadable");
  return bytes;
}

// The deterministic part of CBOR that the codes use (RFC 8949, 4.2.1).
class Tagged {
  constructor(tag, value) {
    Object.assign(this, { tag, value });
  }
}
function readCbor(data) {
  let place = 0;
  const wrong = () => new Refusal(1, "unreadable");
  const order = (one, other) => {
    for (let at = 0; at < Math.min(one.length, other.length); at += 1) if (one[at] !== other[at]) return one[at] - other[at];
    return one.length - other.length;
  };
  const argument = (extra) => {
    if (extra < 24) return extra;
    const size = { 24: 1, 25: 2, 26: 4, 27: 8 }[extra];
    if (!size || place + size > data.length) throw wrong();
    let value = 0n;
    for (let at = 0; at < size; at += 1) value = (value << 8n) | BigInt(data[place + at]);
    place += size;
    if (value < (size === 1 ? 24n : 1n << BigInt(4 * size)) || value > BigInt(Number.MAX_SAFE_INTEGER)) throw wrong();
    return Number(value);
  };
  const read = (depth) => {
    if (place >= data.length || depth > 8) throw wrong();
    const first = data[place];
    place += 1;
    const kind = first >> 5;
    const count = argument(first & 0x1f);
    if (kind === 0) return count;
    if (kind === 1) return -1 - count;
    if (kind === 2 || kind === 3) {
      const piece = data.slice(place, place + count);
      if (piece.length !== count) throw wrong();
      place += count;
      return kind === 2 ? piece : UTF8.decode(piece);
    }
    if (count > data.length && kind < 6) throw wrong();
    if (kind === 4) return Array.from({ length: count }, () => read(depth + 1));
    if (kind === 5) {
      const found = new Map();
      let before = new Uint8Array(0);
      for (let at = 0; at < count; at += 1) {
        const start = place;
        const key = read(depth + 1);
        const written = data.slice(start, place);
        if (!["number", "string"].includes(typeof key) || order(written, before) <= 0) throw wrong();
        before = written;
        found.set(key, read(depth + 1));
      }
      return found;
    }
    if (kind === 6) return new Tagged(count, read(depth + 1));
    throw wrong();
  };
  const value = read(0);
  if (place !== data.length) throw wrong();
  return value;
}
const byteHead = (kind, length) =>
  Uint8Array.from(length < 24 ? [kind | length] : length < 256 ? [kind | 24, length] : [kind | 25, length >> 8, length & 0xff]);

async function inflated(data) {
  const reader = new Blob([data]).stream().pipeThrough(new DecompressionStream("deflate")).getReader();
  const parts = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return joined(...parts);
    size += value.length;
    if (size > LARGEST_CLAIMS) throw new Refusal(1, "unreadable");
    parts.push(value);
  }
}

// Canonical JSON (RFC 8785) of what our files hold: no fractions, keys by UTF-16.
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value && typeof value === "object") {
    const names = Object.keys(value).sort();
    return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
  }
  if (typeof value === "number" && !Number.isSafeInteger(value)) throw new Refusal(1, "unreadable");
  return JSON.stringify(value);
}
function readCanonical(bytes) {
  const text = UTF8.decode(bytes);
  const value = JSON.parse(text);
  if (!value || typeof value !== "object" || Array.isArray(value) || canonical(value) !== text) throw new Refusal(1, "unreadable");
  return value;
}
const signs = async (key, signature, signed) => {
  if (signature.length !== 64) return false;
  const opened = await crypto.subtle.importKey("jwk", { kty: "EC", crv: "P-256", x: key.x, y: key.y }, P256, false, ["verify"]);
  return crypto.subtle.verify(ES256, opened, signature, signed);
};
const idOf = async (key) => hex((await sha256(BYTES.encode(canonical({ crv: "P-256", kty: "EC", x: key.x, y: key.y })))).slice(0, 8));

function readToken(text, kind) {
  const parts = text.split(".");
  if (parts.length !== 3) throw new Refusal(1, "unreadable");
  const [head, payload, signature] = parts.map(fromBase64url);
  const header = readCanonical(head);
  if (header.alg !== "ES256") throw new Refusal(1, "algorithm");
  if (header.typ !== kind) throw new Refusal(1, "kind");
  if (Object.keys(header).sort().join() !== "alg,kid,typ" || typeof header.kid !== "string") throw new Refusal(1, "unreadable");
  return { key: header.kid, payload, signature, signed: BYTES.encode(`${parts[0]}.${parts[1]}`) };
}

// The trust list is believed only under the pin: its own signature, by a key of the register that was in force.
const instant = (text) => {
  const value = typeof text === "string" ? Date.parse(text) : NaN;
  if (Number.isNaN(value)) throw new Refusal(1, "unreadable");
  return value;
};
const covers = (one, at) => instant(one.since) <= at && (one.until === null || at <= instant(one.until));
const couldSign = (key, at) => !key.compromised && covers(key, at) && (!key.revoked_at || at <= instant(key.revoked_at));

export async function readTrust({ pin, list }) {
  const believed = typeof pin === "string" ? JSON.parse(pin) : pin;
  const token = readToken(list.trim(), "udgam-trust-list+jwt");
  if (believed.format !== "udgam.register/1") throw new Refusal(0, "pin");
  const key = believed.keys.find((one) => one.id === token.key);
  if (!key || (await idOf(key)) !== key.id || !(await signs(key, token.signature, token.signed))) throw new Refusal(0, "list");
  const trust = readCanonical(token.payload);
  if (trust.format !== "udgam.trust-list/1" || trust.issuer !== believed.issuer || !couldSign(key, instant(trust.published_at))) throw new Refusal(0, "list");
  const holders = new Map();
  for (const agency of trust.agencies) {
    for (const office of agency.offices) {
      for (const one of office.keys) {
        if ((await idOf(one)) !== one.id || holders.has(one.id)) throw new Refusal(0, "list");
        holders.set(one.id, { agency, office, key: one });
      }
    }
  }
  return { trust, holders };
}

const whole = (value) => Number.isSafeInteger(value) && value >= 0;
const dayOf = (days) => {
  if (!whole(days) || days > 3_000_000) throw new Refusal(3, "claims");
  return new Date(days * 86_400_000).toISOString().slice(0, 10);
};
function claimsOf(map) {
  const wrong = () => new Refusal(3, "claims");
  if (!(map instanceof Map) || [...map.keys()].sort((a, b) => a - b).join() !== "-65537,1,2,6") throw wrong();
  const ours = map.get(-65537);
  if (!(ours instanceof Map)) throw wrong();
  const lines = ours.get(8);
  const expected = new Set([1, 2, 3, 4, 5, 6, 9, 10, lines ? 8 : 7, ...[11, 12].filter((one) => ours.has(one))]);
  if (ours.size !== expected.size || [...expected].some((one) => !ours.has(one))) throw wrong();
  const texts = [map.get(1), map.get(2), ...[1, 2, 3, 4, 5].map((one) => ours.get(one))];
  const digest = ours.get(10);
  const linesHold = !lines || (lines.length && lines.length === ours.get(6) && lines.every((one) => one.length === 3 && one.every((part) => typeof part === "string")));
  if (texts.some((one) => typeof one !== "string") || !whole(map.get(6)) || !whole(ours.get(6)) || !(digest instanceof Uint8Array) || digest.length !== 32 || !linesHold) throw wrong();
  const [issuer, number, agency, office, agreement, exporter, country] = texts;
  return {
    issuer, number, agency, office, agreement, exporter, country, signedAt: map.get(6) * 1000, items: lines ?? [], count: ours.get(6),
    issuedOn: dayOf(ours.get(9)), validUntil: ours.has(11) ? dayOf(ours.get(11)) : null, digest: hex(digest),
  };
}

async function readCode(text) {
  if (text.length > LONGEST_CODE) throw new Refusal(1, "unreadable");
  const message = readCbor(fromBase45(text.slice(4)));
  if (!(message instanceof Tagged) || message.tag !== 18 || !Array.isArray(message.value) || message.value.length !== 4) throw new Refusal(1, "unreadable");
  const [head, open, payload, signature] = message.value;
  if (!(open instanceof Map) || open.size || ![head, payload, signature].every((one) => one instanceof Uint8Array)) throw new Refusal(1, "unreadable");
  const header = readCbor(head);
  if (!(header instanceof Map) || header.get(1) !== -7) throw new Refusal(1, "algorithm");
  const [key, kind] = [header.get(4), header.get(3)];
  if (!(key instanceof Uint8Array) || key.length !== 8 || header.size !== (kind === undefined ? 2 : 3) || (kind !== undefined && kind !== COMPRESSED)) throw new Refusal(1, "unreadable");
  const signed = joined(Uint8Array.of(0x84, 0x6a), BYTES.encode("Signature1"), byteHead(0x40, head.length), head, Uint8Array.of(0x40), byteHead(0x40, payload.length), payload);
  const claims = async () => claimsOf(readCbor(kind === COMPRESSED ? await inflated(payload) : payload));
  return { kind: "code", key: hex(key), signature, signed, claims, issuer: async () => (await claims()).issuer };
}

async function readCredential(text) {
  const token = readToken(text, "vc+jwt");
  const plain = readCanonical(token.payload);
  const issuer = plain.issuer?.id;
  const content = plain.credentialSubject?.content;
  if (typeof issuer !== "string" || !token.key.startsWith(`${issuer}#`) || !content || typeof content !== "object") throw new Refusal(1, "unreadable");
  const claims = async () => {
    const digest = hex(await sha256(BYTES.encode(canonical(content))));
    if (plain.credentialSubject.contentSha256 !== digest || !plain.type?.includes("CertificateOfOrigin")) throw new Refusal(3, "claims");
    return {
      issuer, number: content.number, agency: content.issuer.agency, office: content.issuer.office, agreement: content.agreement, exporter: content.exporter.name,
      country: content.consignee.country.code, signedAt: instant(plain.validFrom), items: content.items.map((one) => [one.hs_code, one.quantity, one.unit]),
      count: content.items.length, issuedOn: content.certification.date, validUntil: content.valid_until ?? null, digest,
    };
  };
  return { kind: "credential", key: token.key.slice(issuer.length + 1), signature: token.signature, signed: token.signed, claims, issuer: async () => issuer };
}

const inIndia = (at) => new Date(at + 5.5 * 3_600_000).toISOString().slice(0, 10);

// Five steps: the form, the key, the signature, the time, the right to issue. Later ones are not looked at when an earlier one fails.
export async function check(text, trusted, at = Date.now()) {
  const given = text.replace(/^[\r\n\t]+|[\r\n\t]+$/g, "");
  const steps = [];
  const passed = (values = {}) => steps.push({ step: steps.length + 1, holds: true, values });
  let claims = null;
  try {
    const isToken = /^\s*eyJ/.test(given);
    if (!given.startsWith("UD1:") && !isToken) throw new Refusal(1, "not_ours");
    if (isToken && given.includes("~")) throw new Refusal(1, "extract");
    const found = isToken ? await readCredential(given.trim()) : await readCode(given);
    passed();
    const holder = trusted.holders.get(found.key);
    if (!holder) {
      const named = await found.issuer().catch(() => null);
      if (named !== null && named !== trusted.trust.issuer) throw new Refusal(2, "other_register", { register: named.slice(0, 200) });
      throw new Refusal(2, "key", { key: found.key.slice(0, 16) });
    }
    passed({ office: holder.office.name, agency: holder.agency.name });
    if (!(await signs(holder.key, found.signature, found.signed))) throw new Refusal(3, "signature");
    const said = await found.claims();
    if (said.signedAt >= SMALLER_S_SINCE && 2n * BigInt(`0x${hex(found.signature.slice(32))}`) > ORDER) throw new Refusal(3, "signature");
    passed();
    if (said.signedAt > at + CLOCK_TOLERANCE) throw new Refusal(4, "future");
    if (holder.key.compromised) throw new Refusal(4, "compromised");
    if (!couldSign(holder.key, said.signedAt)) throw new Refusal(4, "period");
    if (said.issuedOn > inIndia(said.signedAt)) throw new Refusal(4, "before");
    passed();
    if (said.issuer !== trusted.trust.issuer) throw new Refusal(5, "register");
    if (said.agency !== holder.agency.code || said.office !== holder.office.code) throw new Refusal(5, "office");
    if (!holder.office.powers.some((one) => one.agreement === said.agreement && covers(one, said.signedAt))) throw new Refusal(5, "power", { agreement: said.agreement });
    passed({ office: holder.office.name });
    claims = said;
  } catch (error) {
    const refusal = error instanceof Refusal ? error : new Refusal(steps.length + 1, "unreadable");
    steps.push({ step: steps.length + 1, holds: false, reason: refusal.reason, values: refusal.values });
  }
  const warnings = [];
  if (claims?.validUntil && inIndia(at) > claims.validUntil) warnings.push({ reason: "expired", values: { date: claims.validUntil } });
  if (at > instant(trusted.trust.next_update)) warnings.push({ reason: "old_list", values: { date: trusted.trust.next_update.slice(0, 10) } });
  return { valid: claims !== null, steps, claims, warnings };
}
