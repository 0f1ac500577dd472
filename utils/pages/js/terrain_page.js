// Terrain in 3D: heights from our own terrain tiles, colours of a style or of the sources, markers of doubtful quality.

import { clearOfPanels, makeMap, reducedMotion, tellIdle } from "./base_map.js";
import { watchConnection } from "./connection.js";
import { byId, el, fill, later } from "./dom.js";
import { percent } from "./format.js";
import { readHash, readView, viewText, writeHash } from "./hash_state.js";
import { Layers } from "./layers.js";
import { Legend, sourcesInView } from "./legend.js";
import { noPolicy, policyFacts } from "./policy_facts.js";
import { QualityMarkers } from "./quality.js";
import { isAbort, json, Newest } from "./service.js";
import { sourceList } from "./sources.js";

const PITCH = 62, BEARING = -25;
const CLOSER = 0.5; // a box seen from the side takes less of the screen

class TerrainPage {
  #map; #facts; #layers; #quality; #datasets = []; #newest = new Newest();

  constructor({ map, library, graticule }, facts) {
    this.#map = map;
    this.#facts = facts;
    graticule.show(false);
    this.#layers = new Layers(map, facts);
    this.#quality = new QualityMarkers({ map, library }, byId("quality-says"));
  }

  start(hash) {
    if ([...byId("style").options].some((option) => option.value === hash.style)) byId("style").value = hash.style;
    if (Number(hash.times) >= 1 && Number(hash.times) <= 40) byId("exaggeration").value = hash.times;
    byId("contours").checked = hash.contours === "1";
    byId("quality").checked = hash.quality === "1";
    for (const id of ["style", "exaggeration", "contours"]) byId(id).addEventListener("input", () => this.apply());
    byId("quality").addEventListener("input", () => { this.#markers(); this.#keep(); });
    byId("dataset").addEventListener("change", () => this.#fly(byId("dataset").value));
    byId("level").addEventListener("click", () => this.#look(0, 0));
    byId("oblique").addEventListener("click", () => this.#look(PITCH, BEARING));
    this.#map.on("moveend", () => this.#keep());
    this.#map.on("moveend", later(() => { this.#sources(); this.#markers(); }, 400));
    this.apply();
    this.#sources();
    this.#markers();
    this.#list(hash.dataset);
  }

  apply() {
    const times = Number(byId("exaggeration").value);
    byId("exaggeration-text").textContent = String(times);
    this.#layers.apply({ style: byId("style").value, shade: byId("style").value === "source", contours: byId("contours").checked, exaggeration: times });
    this.#keep();
  }

  refresh(facts) {
    this.#layers.refresh(facts);
    this.apply();
    this.#sources();
    this.#list();
  }

  #keep() {
    writeHash({ map: viewText(this.#map), style: byId("style").value, times: byId("exaggeration").value, contours: byId("contours").checked,
      quality: byId("quality").checked, dataset: byId("dataset").value });
  }

  #look(pitch, bearing) {
    this.#map.easeTo({ pitch, bearing, animate: !reducedMotion() });
  }

  #markers() {
    this.#quality.show(byId("quality").checked, this.#facts);
  }

  /// Provenance of what is seen, with its shares.
  async #sources() {
    const signal = this.#newest.next();
    try {
      const sources = await sourcesInView(this.#map, this.#facts, signal);
      fill(byId("legend-body"), sources?.length ? sourceList(sources, percent) : el("p.quiet", {}, "No source in view."));
    } catch (error) {
      if (!isAbort(error)) fill(byId("legend-body"), el("p.note.bad", {}, error.message));
    }
  }

  /// What is cached, as areas to go to.
  async #list(chosen = byId("dataset").value) {
    try {
      this.#datasets = (await json("api/v1/dem/datasets")).filter((row) => Array.isArray(row.bbox));
    } catch {
      this.#datasets = []; // the whole policy is there all the same
    }
    const name = (row) => `${row.policy ?? row.policy_hash}, ${Number(Number(row.resolution_m).toPrecision(3))} m, ${row.cell_count} cells`;
    fill(byId("dataset"), el("option", { value: "" }, "Whole policy"), this.#datasets.map((row) => el("option", { value: row.id }, name(row))));
    if (this.#datasets.some((row) => row.id === chosen)) byId("dataset").value = chosen;
  }

  #fly(id) {
    const box = this.#datasets.find((row) => row.id === id)?.bbox ?? this.#facts.bounds;
    this.#map.fitBounds(box, { padding: clearOfPanels(20), pitch: this.#map.getPitch(), bearing: this.#map.getBearing(), animate: !reducedMotion() });
    this.#keep();
  }
}

async function main() {
  let page = null;
  const known = () => policyFacts().catch(() => noPolicy());
  watchConnection(async () => page?.refresh(await known()));
  if (matchMedia("(max-width: 860px)").matches) for (const id of ["panel", "legend"]) byId(id).open = false;
  const hash = readHash();
  const facts = await known();
  const made = await makeMap({ bounds: facts.bounds, view: readView(hash.map), more: { maxPitch: 85 } });
  if (!made) {
    new Legend(byId("legend-body"), null, facts).show("chart");
    return;
  }
  tellIdle(made.map);
  if (!readView(hash.map)) made.map.fitBounds(facts.bounds, { padding: clearOfPanels(20), pitch: PITCH, bearing: BEARING, animate: false }).jumpTo({ zoom: made.map.getZoom() + CLOSER });
  page = new TerrainPage(made, facts);
  page.start(hash);
}

main();
