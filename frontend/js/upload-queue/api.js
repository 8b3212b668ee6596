// The calls of the upload protocol. A refusal carries the sentence of the server; a lost line is told apart from it.
import { csrf } from "../csrf.js";

export class Refused extends Error {
  constructor(status, problem, retryAfter) {
    super(problem.detail || problem.title || `HTTP ${status}`);
    this.status = status;
    this.code = problem.code;
    this.retryAfter = retryAfter;
  }

  get passing() {
    return this.status >= 500 || this.status === 429 || this.status === 408 || this.status === 425;
  }
}

export class Lost extends Error {}

function problemOf(body) {
  try {
    return JSON.parse(body);
  } catch {
    return {};
  }
}

export class Api {
  constructor(url) {
    this.url = url.replace(/\/$/, "");
  }

  async #call(method, path, body, signal, room = this.url) {
    let response;
    try {
      response = await fetch(`${room}${path}`, {
        method,
        signal,
        credentials: "same-origin",
        headers: { Accept: "application/json", "X-CSRF-Token": csrf(), ...(body ? { "Content-Type": "application/json" } : {}) },
        body: body && JSON.stringify(body),
      });
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new Lost();
    }
    const content = await response.text().catch(() => "");
    if (!response.ok) throw new Refused(response.status, problemOf(content), Number(response.headers.get("Retry-After")) || 0);
    return content ? problemOf(content) : {};
  }

  open(facts, signal) { return this.#call("POST", "", facts, signal); }
  sign(id, parts, signal) { return this.#call("POST", `/${id}/parts/sign`, { parts }, signal); }
  complete(id, signal) { return this.#call("POST", `/${id}/complete`, {}, signal); }
  look(id, signal) { return this.#call("GET", `/${id}`, null, signal); }
  cancel(id) { return this.#call("DELETE", `/${id}`); }
  deleteAsset(id) { return this.#call("DELETE", `/${id}`, null, undefined, this.url.replace(/uploads$/, "assets")); }

  async openUploads() {
    const list = await this.#call("GET", "?state=open");
    return Array.isArray(list) ? list : list.uploads ?? list.items ?? list.rows ?? [];
  }

  /** One part to `url`; `onProgress` hears the bytes that have left. fetch cannot tell that, XMLHttpRequest can. */
  sendPart({ url, method = "PUT", headers = {} }, blob, { signal, onProgress }) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open(method, url);
      for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
      request.upload.onprogress = (event) => onProgress(event.loaded);
      request.onerror = () => reject(new Lost());
      request.ontimeout = () => reject(new Lost());
      request.onabort = () => reject(new DOMException("Aborted", "AbortError"));
      request.onload = () => {
        if (request.status >= 200 && request.status < 300) resolve();
        else reject(new Refused(request.status, problemOf(request.responseText), Number(request.getResponseHeader("Retry-After")) || 0));
      };
      if (signal.aborted) return reject(new DOMException("Aborted", "AbortError"));
      signal.addEventListener("abort", () => request.abort(), { once: true });
      request.send(blob);
    });
  }

  partTarget(id, number, checksum) {
    const headers = { "X-CSRF-Token": csrf(), "Content-Type": "application/octet-stream" };
    if (checksum) headers["X-Part-Sha256"] = checksum;
    return { url: `${this.url}/${id}/parts/${number}`, headers };
  }
}
