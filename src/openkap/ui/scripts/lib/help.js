// Calling for help needs no network. Decided here: whom to call and what to say came with the page, and a tap opens
// it where it stands; without this script the same button leads to the page for help.
export function callWithoutNetwork() {
  const sheet = document.querySelector("[data-help-now]");
  if (!sheet) return;
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-help-open]")) return;
    event.preventDefault();
    sheet.showModal();
  });
  sheet.querySelector("[data-help-close]").addEventListener("click", () => sheet.close());
}
