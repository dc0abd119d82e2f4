// Where entries wait on this tablet. Decided here: what is numbers and taps alone outlives a restart of the tablet;
// what holds words or a name stays in its tab only, and is gone when that is closed. In order of when it was tapped.
const NAME = "openkap.kept-sets";

export function shelf() {
  return [...read(localStorage), ...read(sessionStorage)].sort((a, b) => a.at - b.at);
}

/** Put an entry on the shelf; one with the same id is replaced. */
export function shelve(entry) {
  unshelve(entry.id);
  const store = entry.words ? sessionStorage : localStorage;
  store.setItem(NAME, JSON.stringify([...read(store), entry]));
}

/** Take the entry with this id off the shelf. */
export function unshelve(id) {
  for (const store of [localStorage, sessionStorage]) {
    const left = read(store).filter((one) => one.id !== id);
    store.setItem(NAME, JSON.stringify(left));
  }
}

function read(store) {
  try {
    // What an older page kept is a set: its id stands in its fields.
    return JSON.parse(store.getItem(NAME) ?? "[]").map((one) => ({ kind: "set", id: one.fields.submission_id, ...one }));
  } catch {
    return [];
  }
}
