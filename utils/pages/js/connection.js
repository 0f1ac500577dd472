// The dot in the bar, and the banner while nobody answers; asks /health until somebody does.

import { byId, el } from "./dom.js";
import { json, presence } from "./service.js";

const SHORTEST = 1000, LONGEST = 15000; // ms between looks

let banner = null;
let wait = SHORTEST;
let back = () => {};

/// Starts watching. `onBack` is called when the service answers again after it was gone.
export function watchConnection(onBack = () => {}) {
  back = onBack;
  presence.addEventListener("here", here);
  presence.addEventListener("gone", gone);
  look();
}

function mark(state, text) {
  const place = byId("state");
  if (place.dataset.state === state) return;
  place.dataset.state = state;
  place.querySelector(".text").textContent = text;
}

function here() {
  mark("here", "Connected");
  if (!banner) return;
  banner.remove();
  banner = null;
  wait = SHORTEST;
  back();
}

function gone() {
  mark("gone", "No answer");
  if (banner) return;
  banner = el("div.banner", { role: "alert" },
    el("span", {}, "The service does not answer. This page goes on when it is back."),
    el("button.small", { type: "button", onclick: look }, "Try now"));
  document.body.append(banner);
  again();
}

function again() {
  setTimeout(() => { if (banner) look().then(again); }, wait);
  wait = Math.min(wait * 1.5, LONGEST);
}

async function look() {
  try {
    await json("health");
  } catch {
    // `presence` has told
  }
}
