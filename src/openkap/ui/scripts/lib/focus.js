// Where focus goes: the page's title after a load, the first error after a failed form, and nowhere else
// after a part is swapped, so that nobody is thrown out of what they were writing.
export function focusOnLoad(root = document) {
  const errors = root.querySelector("[data-errors]");
  if (errors) return errors.focus();
  if (location.hash || document.activeElement !== document.body) return undefined;
  return root.querySelector("[data-page-title]")?.focus({ preventScroll: true });
}

export function focusAfterSwap() {
  document.body.addEventListener("htmx:afterSettle", (event) => {
    const errors = event.detail.elt?.querySelector?.("[data-errors], [aria-invalid=true]");
    if (errors) errors.focus();
  });
}
