// Desks: keys, focus, toasts, and the idle watch. Nothing here is needed to do the work; it is faster with it.
import { markBackgroundRequests } from "./lib/background.js";
import { keepDrafts } from "./lib/drafts.js";
import { focusAfterSwap, focusOnLoad } from "./lib/focus.js";
import { hideLeftOut } from "./lib/gates.js";
import { holdForms } from "./lib/held.js";
import { watchIdle } from "./lib/idle.js";
import { watchKeys } from "./lib/keys.js";
import { readParts } from "./lib/parts.js";
import { pickFrom } from "./lib/pick.js";
import { fadeToasts } from "./lib/toasts.js";

focusOnLoad();
markBackgroundRequests();
focusAfterSwap();
fadeToasts();
keepDrafts();
holdForms();
hideLeftOut();
watchKeys();
readParts();
pickFrom();
watchIdle();
