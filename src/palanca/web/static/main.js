/* Brings a page to life; without it every page is still whole. */

import { steer } from "./curve.js";
import { fetchWhenOpened } from "./deal.js";
import { frame } from "./frame.js";
import { job } from "./job.js";
import { listen } from "./levers.js";
import { walk } from "./map.js";
import { follow } from "./redraw.js";

frame();
job();
if (document.getElementById("page")) {
  follow();
  listen();
  walk();
  steer();
  fetchWhenOpened();
}
document.documentElement.dataset.ready = "";
