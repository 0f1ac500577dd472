// Requests to the service. Pages lie in a folder of it (/viewer/), so that a prefix of a proxy is kept.

import { askForToken, token } from "./token.js";

export const base = new URL("../", document.baseURI);

/// Anything but an answer of success. `status` 0: nobody answered.
export class ServiceError extends Error {
  constructor(status, message, retryAfter = null) {
    super(message);
    this.status = status;
    this.retryAfter = retryAfter; // seconds
  }
}

export const isAbort = (error) => error?.name === "AbortError";

export function address(path, query = {}) {
  const url = new URL(path, base);
  for (const [name, value] of Object.entries(query))
    if (value !== null && value !== undefined && value !== "") url.searchParams.set(name, value);
  return url;
}

/// What is known of the service: "here" or "gone"; connection.js shows it.
export const presence = new EventTarget();

function tell(state) {
  presence.dispatchEvent(new CustomEvent(state));
}

async function send(url, options) {
  const held = token();
  const headers = { ...options.headers, ...(held ? { Authorization: `Bearer ${held}` } : {}) };
  try {
    const answer = await fetch(url, { ...options, headers, credentials: "same-origin" });
    tell("here");
    return answer;
  } catch (error) {
    if (isAbort(error)) throw error;
    tell("gone");
    throw new ServiceError(0, "The service does not answer. Is it running?");
  }
}

async function refusal(answer) {
  let detail = "";
  try {
    const body = await answer.json();
    detail = typeof body.detail === "string" ? body.detail : JSON.stringify(body.detail ?? body);
  } catch {
    detail = `the service answered with status ${answer.status}`;
  }
  const wait = Number(answer.headers.get("Retry-After"));
  return new ServiceError(answer.status, detail, wait > 0 ? wait : null);
}

/// The answer to a request, a success. A change that lacks the token asks the reader for it, and is sent again.
export async function request(path, { query, method = "GET", body, signal } = {}) {
  const options = { method, signal };
  if (body !== undefined) {
    options.body = JSON.stringify(body);
    options.headers = { "Content-Type": "application/json" };
  }
  for (;;) {
    const answer = await send(address(path, query), options);
    if (answer.ok) return answer;
    const error = await refusal(answer);
    if (answer.status !== 401 || !(await askForToken(error.message))) throw error;
  }
}

export async function json(path, options) {
  const answer = await request(path, options);
  return answer.status === 204 ? null : answer.json();
}

/// wss: where the page came by https:.
export function socketAddress(path) {
  const url = new URL(path, base);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url;
}

/// The signal of the newest of its kind: the one before is aborted.
export class Newest {
  #controller = new AbortController();

  next() {
    this.stop();
    this.#controller = new AbortController();
    return this.#controller.signal;
  }

  stop() {
    this.#controller.abort();
  }
}
