// A patient's phone: switches that act at once, toasts that leave by themselves. Small on purpose.
import { focusOnLoad } from "./lib/focus.js";
import { hideLeftOut } from "./lib/gates.js";
import { holdForms } from "./lib/held.js";
import { keepWords } from "./lib/keep.js";
import { followLines } from "./lib/line.js";
import { mindThePhone } from "./lib/pocket.js";
import { actAtOnce } from "./lib/sharing.js";
import { fadeToasts } from "./lib/toasts.js";

focusOnLoad();
actAtOnce();
keepWords();
holdForms();
followLines();
hideLeftOut();
fadeToasts();
mindThePhone();
