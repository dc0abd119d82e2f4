// Requests the page makes by itself say so, so that the server never takes them for a person's act.
// Decided here: one header, on every background request, htmx's included.
export const BACKGROUND = { "X-OpenKAP-Background": "1" };

export function csrf() {
  return document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
}

/** Every htmx request that no press started (a poll, a stream, a load) carries the header. */
export function markBackgroundRequests() {
  document.body.addEventListener("htmx:configRequest", (event) => {
    const by = event.detail.triggeringEvent?.type;
    if (!by || !["submit", "click", "change", "keyup", "input"].includes(by)) {
      Object.assign(event.detail.headers, BACKGROUND);
    }
    const token = csrf();
    if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] ??= token;
  });
}

/** A post the page makes itself. Resolves to the response; a network failure rejects. */
export function post(address, fields = {}, { background = true } = {}) {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  const headers = { "X-CSRFToken": csrf(), ...(background ? BACKGROUND : {}) };
  return fetch(address, { method: "POST", body, headers, credentials: "same-origin" }).then(followLock);
}

/** A session that was locked meanwhile answers with the address of the lock page, which leads back here. */
export function followLock(answer) {
  const address = answer.headers.get("X-OpenKAP-Lock");
  if (answer.status === 423 && address?.startsWith("/")) location.assign(address);
  return answer;
}
