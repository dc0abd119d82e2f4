// The room tablet: three-tap vitals, live parts, and a page that looks old as soon as it is old.
import { markBackgroundRequests } from "./lib/background.js";
import { watchClock } from "./lib/clock.js";
import { focusOnLoad } from "./lib/focus.js";
import { callWithoutNetwork } from "./lib/help.js";
import { watchIdle } from "./lib/idle.js";
import { keepInRoom } from "./lib/kept.js";
import { watchStream } from "./lib/live.js";
import { watchRings } from "./lib/ring.js";
import { holdStill } from "./lib/still.js";
import { watchTimers } from "./lib/timers.js";
import { fadeToasts } from "./lib/toasts.js";
import { switchViews } from "./lib/views.js";
import { threeTaps } from "./lib/vitals.js";

focusOnLoad();
markBackgroundRequests();
watchClock();
watchStream();
holdStill();
watchRings();
threeTaps();
keepInRoom();
callWithoutNetwork();
watchTimers();
switchViews();
fadeToasts();
watchIdle();
