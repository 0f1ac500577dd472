// Filling the cache: an order (box, pixels, policy), what it would take, a job with its progress, the list of jobs.

import { showAnalysis } from "./analysis_view.js";
import { makeMap, tellIdle } from "./base_map.js";
import { BoxTool } from "./box_tool.js";
import { watchConnection } from "./connection.js";
import { byId, el, fill, later, say } from "./dom.js";
import { bytes, count } from "./format.js";
import { boxOfMap } from "./geometry.js";
import { numbers, readHash, writeHash } from "./hash_state.js";
import { JobDesk } from "./job_desk.js";
import { bytesAPixel, estimate, latticeOf } from "./lattice.js";
import { Layers } from "./layers.js";
import { noPolicy, policyFacts } from "./policy_facts.js";
import { isAbort, json, Newest } from "./service.js";

const EDGES = ["west", "south", "east", "north"];
const MOST_POLICY_BYTES = 1 << 20;

class HydratePage {
  #box = null; #tool = null; #map = null; #desk; #analysis = new Newest(); #packed = null;

  constructor() {
    this.#desk = new JobDesk({ order: () => this.#order(), lattice: (state) => latticeOf(state) });
  }

  async start() {
    const hash = readHash();
    this.#readControls(hash);
    this.#listen();
    const facts = await policyFacts().catch(() => noPolicy());
    const box = numbers(hash.bbox, 4) ?? (facts.bounds[0] > -180 ? facts.bounds : null);
    if (box) this.#put(box);
    this.#estimate();
    this.#desk.list();
    this.#knowCells();
    await this.#makeMap(facts, box);
    if (hash.job) this.#desk.follow(hash.job);
  }

  async #makeMap(facts, box) {
    const made = await makeMap({ bounds: box ?? facts.bounds });
    if (!made) return;
    tellIdle(made.map);
    this.#map = made.map;
    new Layers(made.map, facts).apply({ style: "chart", opacity: 0.85 });
    this.#desk.useMap(made.map);
    this.#tool = new BoxTool(made, (changed, what) => {
      byId("draw").setAttribute("aria-pressed", String(this.#tool.drawing));
      if (what === "box") this.#put(changed.map((edge) => Number(edge.toFixed(6))), false);
    });
    this.#tool.show(this.#box);
  }

  #readControls(hash) {
    if (Number(hash.resolution) > 0) byId("resolution").value = hash.resolution;
    if (/^\d+$/.test(hash.zoom ?? "")) {
      byId("zoom").value = hash.zoom;
      document.querySelector("input[name=by][value=zoom]").checked = true;
    }
    this.#showPixels();
  }

  #listen() {
    for (const name of EDGES) byId(name).addEventListener("input", () => this.#typed());
    for (const radio of document.getElementsByName("by")) radio.addEventListener("input", () => { this.#showPixels(); this.#estimate(); });
    for (const id of ["resolution", "zoom"]) byId(id).addEventListener("input", () => this.#estimate());
    byId("draw").addEventListener("click", () => this.#tool?.draw(!this.#tool.drawing));
    byId("view").addEventListener("click", () => { if (this.#map) this.#put(boxOfMap(this.#map).map((edge) => Number(edge.toFixed(5)))); });
    byId("policy-file").addEventListener("change", () => this.#readPolicy());
    byId("order").addEventListener("submit", (event) => { event.preventDefault(); this.#begin(); });
    byId("analyze").addEventListener("click", () => this.#analyze());
    byId("reload").addEventListener("click", () => this.#desk.list());
  }

  #byZoom() {
    return document.querySelector("input[name=by]:checked").value === "zoom";
  }

  #showPixels() {
    byId("by-zoom").hidden = !this.#byZoom();
    byId("by-resolution").hidden = this.#byZoom();
  }

  #typed() {
    const box = EDGES.map((name) => byId(name).valueAsNumber);
    this.#box = box.every(Number.isFinite) ? box : null;
    this.#tool?.show(this.#box && box[0] < box[2] && box[1] < box[3] ? box : null);
    this.#estimate();
  }

  #put(box, show = true) {
    this.#box = box;
    EDGES.forEach((name, i) => { byId(name).value = box[i]; });
    if (show) this.#tool?.show(box);
    this.#estimate();
  }

  async #readPolicy() {
    const file = byId("policy-file").files[0];
    if (!file) return;
    if (file.size > MOST_POLICY_BYTES) say(byId("says"), `${file.name} is larger than any policy: ${bytes(file.size)}.`);
    else byId("policy-text").value = await file.text();
  }

  /// What is wrong with the order; "" if nothing.
  #wrong() {
    if (!this.#box) return "Give the box: four numbers of degrees, or draw it on the map.";
    const [west, south, east, north] = this.#box;
    if (Math.abs(west) > 180 || Math.abs(east) > 180 || Math.abs(south) > 90 || Math.abs(north) > 90) return "Longitudes go from -180 to 180, latitudes from -90 to 90.";
    if (south >= north) return "The box's south is not below its north.";
    if (west === east) return "The box has no width.";
    for (const id of [this.#byZoom() ? "zoom" : "resolution", "workers"])
      if (!byId(id).checkValidity() || byId(id).value === "") return `${byId(id).labels[0].textContent}: from ${byId(id).min} to ${byId(id).max}.`;
    return "";
  }

  #pixels() {
    return this.#byZoom() ? { zoom: byId("zoom").valueAsNumber } : { resolution: byId("resolution").valueAsNumber };
  }

  #order() {
    const text = byId("policy-text").value.trim();
    return { bbox: this.#box, ...this.#pixels(), ...(text ? { policy_yaml: byId("policy-text").value } : {}) };
  }

  #estimate() {
    const wrong = this.#wrong();
    const lattice = wrong ? null : latticeOf(this.#pixels());
    const sum = (value, name) => el("div", {}, el("b", {}, value), el("span", {}, name));
    if (!lattice) {
      fill(byId("estimate"), el("small", {}, wrong || "No cell has pixels of that size."));
    } else {
      const { cells, pixels, bytes: size } = estimate(lattice, this.#box);
      const stored = this.#packed ? pixels * this.#packed : null;
      fill(byId("estimate"), sum(count(cells), cells === 1 ? "cell" : "cells"), sum(count(pixels), "pixels"), sum(`≤ ${bytes(size)}`, "unpacked"),
        stored ? sum(`~ ${bytes(stored)}`, "packed") : null);
    }
    this.#keep();
  }

  #keep = later(() => writeHash({ bbox: this.#box?.join(","), ...this.#pixels(), job: this.#desk.id }), 100);

  /// What a pixel of this cache takes on the average.
  async #knowCells() {
    try {
      const detail = await json("api/v1/cache/detail");
      this.#packed = bytesAPixel(detail.tier_2.policies.flatMap((policy) => policy.levels));
      this.#estimate();
    } catch {
      // the estimate does without
    }
  }

  async #begin() {
    const wrong = this.#wrong();
    say(byId("says"), wrong);
    if (wrong) return;
    byId("start").disabled = true;
    try {
      const answer = await json("hydrate", { method: "POST", body: { ...this.#order(), max_workers: byId("workers").valueAsNumber } });
      this.#desk.follow(answer.job_id);
      byId("current").scrollIntoView({ block: "center" });
      this.#keep();
    } catch (error) {
      say(byId("says"), error.message);
    } finally {
      byId("start").disabled = false;
    }
  }

  async #analyze() {
    const wrong = this.#wrong();
    say(byId("says"), wrong);
    if (wrong) return;
    const signal = this.#analysis.next();
    const place = byId("analysis");
    place.hidden = false;
    fill(place, el("h2", {}, "Analysis"), el("p.quiet", {}, "Asking the archives …"));
    try {
      showAnalysis(place, await json("analyze", { method: "POST", body: this.#order(), signal }), () => { this.#analysis.stop(); place.hidden = true; });
    } catch (error) {
      if (isAbort(error)) return;
      place.hidden = true;
      say(byId("says"), error.message);
    }
  }

  refresh() {
    this.#desk.list();
    this.#knowCells();
  }
}

const page = new HydratePage();
watchConnection(() => page.refresh());
page.start();
