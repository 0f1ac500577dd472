// A job's states as they come: over its WebSocket, and by asking where there is none, or it ends too early.

import { isAbort, json, socketAddress } from "./service.js";

const POLL = 1500; // ms
const ENDED = new Set(["completed", "failed", "cancelled"]);

export const hasEnded = (state) => ENDED.has(state?.status);

/// Calls `told(state, way)` with each new state until the job has ended; `way`: "live" or "asked". Returns what stops it.
export function followJob(id, told) {
  const controller = new AbortController();
  const { signal } = controller;
  let over = false;
  const tell = (state, way) => {
    if (signal.aborted || over || state?.status === undefined) return;
    over = hasEnded(state);
    told(state, way);
  };
  listen(id, (state) => tell(state, "live"), signal, () => { if (!over && !signal.aborted) poll(id, tell, () => over, signal); });
  return () => controller.abort();
}

function listen(id, tell, signal, closed) {
  let socket;
  try {
    socket = new WebSocket(socketAddress(`hydrate/${encodeURIComponent(id)}/ws`));
  } catch {
    closed();
    return;
  }
  socket.addEventListener("message", (event) => {
    try {
      tell(JSON.parse(event.data));
    } catch {
      socket.close(); // no state: ask instead
    }
  });
  socket.addEventListener("close", closed, { once: true });
  signal.addEventListener("abort", () => socket.close(), { once: true });
}

async function poll(id, tell, isOver, signal) {
  while (!isOver() && !signal.aborted) {
    try {
      tell(await json(`hydrate/${encodeURIComponent(id)}`, { signal }), "asked");
    } catch (error) {
      if (isAbort(error)) return;
      if (error.status === 404) {
        tell({ id, status: "failed", error: error.message }, "asked");
        return;
      }
    }
    await new Promise((resolve) => { setTimeout(resolve, POLL); });
  }
}
