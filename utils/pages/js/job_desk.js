// The job that is looked at, and the list of all.

import { byId, el, fill, say } from "./dom.js";
import { cellBox, cellsOf } from "./lattice.js";
import { ring } from "./geometry.js";
import { followJob, hasEnded } from "./follow_job.js";
import { counters, doneCells, jobLine, progressBar, Rate, statusBadge } from "./job_view.js";
import { json } from "./service.js";

const MOST_PAINTED = 5000; // cells on the map

export class JobDesk {
  id = null;
  #map = null; #stop = () => {}; #lattice; #rate; #state = null;

  constructor({ lattice }) {
    this.#lattice = lattice;
  }

  useMap(map) {
    this.#map = map;
    map.addSource("cells", { type: "geojson", data: { type: "FeatureCollection", features: [] } });
    const done = ["==", ["get", "done"], true];
    map.addLayer({ id: "cells", type: "fill", source: "cells", paint: { "fill-color": ["case", done, "#17744a", "#8ea3b3"], "fill-opacity": ["case", done, 0.45, 0.12] } });
    map.addLayer({ id: "cells-line", type: "line", source: "cells", paint: { "line-color": ["case", done, "#0d4d31", "#5c7386"], "line-width": 1, "line-opacity": 0.7 } });
    if (this.#state) this.#paint(this.#state);
  }

  follow(id) {
    this.#stop();
    this.id = id;
    this.#rate = new Rate();
    const place = byId("current");
    place.hidden = false;
    place.dataset.status = "pending";
    fill(place, el("h2", {}, "Job"), el("p.quiet", {}, "Starting …"));
    this.#stop = followJob(id, (state, way) => this.#show(state, way));
  }

  #show(state, way) {
    this.#state = state;
    const place = byId("current");
    place.dataset.status = state.status;
    place.dataset.way = way;
    const running = !hasEnded(state);
    const cancel = running ? el("button.small.danger", { type: "button", onclick: () => this.#cancel(state.id) }, "Cancel") : null;
    fill(place, el("header", {}, el("h2", {}, "Job ", statusBadge(state)), cancel), progressBar(state), counters(state),
      el("small", {}, running ? [this.#rate.text(state), way === "live" ? "live" : "asked every 1.5 s"].filter(Boolean).join(", ") : jobLine(state)),
      state.error ? el(state.status === "failed" ? "p.note.bad" : "p.note", { role: "alert" }, state.error) : null,
      state.status === "completed" && state.failed_cells > 0 ? el("p.note.warn", {}, "Some cells failed. The same order again tries them, and only them.") : null,
      state.status === "failed" ? el("small", {}, "What is done is kept: the same order again goes on where this one ended.") : null);
    this.#paint(state);
    if (!running) this.list();
  }

  /// Cells come row by row from the north-west, so the first ones are those that are done, but for those in hand.
  #paint(state) {
    const lattice = this.#map && state.bbox ? this.#lattice(state) : null;
    if (!lattice) return;
    const cells = cellsOf(lattice, state.bbox);
    const total = Math.min(cells.columns * cells.rows, MOST_PAINTED);
    const done = state.status === "completed" ? total : doneCells(state);
    const features = Array.from({ length: total }, (_, i) => ({ type: "Feature", properties: { done: i < done },
      geometry: { type: "Polygon", coordinates: [ring(cellBox(lattice, cells, i))] } }));
    this.#map.getSource("cells").setData({ type: "FeatureCollection", features });
  }

  async #cancel(id) {
    try {
      await json(`hydrate/${encodeURIComponent(id)}`, { method: "DELETE" });
    } catch (error) {
      say(byId("says"), error.message);
    }
  }

  async list() {
    const place = byId("jobs");
    try {
      const jobs = await json("hydrate");
      jobs.sort((a, b) => (b.submitted_at ?? "").localeCompare(a.submitted_at ?? ""));
      fill(place, jobs.length ? jobs.map((state) => this.#row(state)) : el("p.quiet", {}, "No job in the last day."));
    } catch (error) {
      fill(place, el("p.note.bad", {}, error.message));
    }
  }

  #row(state) {
    return el("article.job", {},
      el("header", {}, statusBadge(state), el("button.small", { type: "button", "aria-label": `Show job ${state.id}`, onclick: () => this.follow(state.id) }, "Show")),
      el("small", {}, jobLine(state)), hasEnded(state) ? null : progressBar(state), state.error ? el("small", {}, state.error) : null);
  }
}
