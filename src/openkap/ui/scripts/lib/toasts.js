// A toast goes after 8 seconds, but stays while focus or the pointer is on it. It is never the only record.
const STAYS = 8000;

export function fadeToasts(root = document) {
  for (const toast of root.querySelectorAll(".toasts [data-toast]")) {
    const leave = () => {
      if (toast.matches(":focus-within, :hover")) return setTimeout(leave, STAYS);
      return toast.remove();
    };
    if (!toast.matches(".stop, .caution")) setTimeout(leave, STAYS);
  }
}
