// The map: layers, legend, questions, profiles; its state is in the address.

import { PointQuestion } from "./answer.js";
import { clearOfPanels, makeMap, reducedMotion, tellIdle } from "./base_map.js";
import { watchConnection } from "./connection.js";
import { byId, el, later, say } from "./dom.js";
import { numbers, readHash, readView, viewText, writeHash } from "./hash_state.js";
import { Layers } from "./layers.js";
import { Legend } from "./legend.js";
import { noPolicy, policyFacts } from "./policy_facts.js";
import { lineText, ProfileDrawer, readLine } from "./profile.js";
import { ProfileLine } from "./profile_line.js";

const EXAGGERATION = 4; // of the map's own 3D; the 3D page lets choose
const SWITCHES = ["contours", "shade", "terrain", "graticule"];

class MapPage {
  #map; #library; #facts; #graticule; #layers; #legend; #line; #drawer; #popup = null;
  #question = new PointQuestion();
  #at = null; // [lat, lon] of the question that is shown

  constructor({ map, library, graticule }, facts) {
    this.#map = map;
    this.#library = library;
    this.#graticule = graticule;
    this.#facts = facts;
    this.#layers = new Layers(map, facts);
    this.#legend = new Legend(byId("legend-body"), map, facts);
    this.#line = new ProfileLine(map, { done: (points) => this.#profile(points), told: (...line) => this.#toldLine(...line) });
    this.#drawer = new ProfileDrawer(byId("drawer"), this.#line);
  }

  start(hash) {
    this.#readControls(hash);
    this.#listen();
    this.apply();
    if (readLine(hash.line)) this.#line.take(readLine(hash.line));
    const at = numbers(hash.at, 2);
    if (at) this.#ask(...at);
  }

  #readControls(hash) {
    const styles = [...byId("style").options].map((option) => option.value);
    if (styles.includes(hash.style)) byId("style").value = hash.style;
    const opacity = Number(hash.opacity ?? 1);
    if (opacity >= 0 && opacity <= 1) byId("opacity").value = opacity * 100;
    for (const name of SWITCHES) if (hash[name] !== undefined) byId(name).checked = hash[name] === "1";
  }

  #listen() {
    for (const id of ["style", "opacity", ...SWITCHES]) byId(id).addEventListener("input", () => this.apply(id));
    this.#map.on("moveend", () => this.#keep());
    this.#map.on("moveend", later(() => { if (byId("style").value === "source") this.#legend.show("source"); }, 300));
    this.#map.on("click", (event) => this.#click(event.lngLat));
    this.#map.getCanvas().addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || this.#line.drawing) return;
      event.preventDefault(); // the popup takes the focus: the key would press its button
      this.#askMiddle();
    });
    byId("point").addEventListener("submit", (event) => { event.preventDefault(); this.#askTyped(); });
    byId("here").addEventListener("click", () => this.#askMiddle());
    byId("profile").addEventListener("click", () => (this.#line.drawing ? this.#line.finish() : this.#startLine()));
    byId("profile-across").addEventListener("click", () => this.#lineAcross());
    byId("whole").addEventListener("click", () => this.#map.fitBounds(this.#facts.bounds, { padding: clearOfPanels(), animate: !reducedMotion() }));
  }

  /// Layers as the controls say.
  apply(changed = "style") {
    const opacity = Number(byId("opacity").value) / 100;
    byId("opacity-text").textContent = `${byId("opacity").value} %`;
    const terrain = byId("terrain").checked;
    this.#layers.apply({ style: byId("style").value, opacity, shade: byId("shade").checked, contours: byId("contours").checked, exaggeration: terrain ? EXAGGERATION : 0 });
    if (changed === "terrain") this.#map.easeTo({ pitch: terrain ? 60 : 0, bearing: terrain ? this.#map.getBearing() : 0, animate: !reducedMotion() });
    if (changed === "graticule" || changed === "style") this.#graticule.show(byId("graticule").checked);
    if (changed === "style") this.#legend.show(byId("style").value);
    this.#keep();
  }

  refresh(facts) {
    this.#facts = facts;
    this.#layers.refresh(facts);
    this.apply();
    if (this.#at) this.#ask(...this.#at);
  }

  #keep() {
    const opacity = Number(byId("opacity").value) / 100;
    writeHash({
      map: viewText(this.#map), style: byId("style").value, opacity: opacity === 1 ? null : opacity, contours: byId("contours").checked,
      shade: byId("shade").checked, terrain: byId("terrain").checked, graticule: byId("graticule").checked ? null : "0",
      at: this.#at?.map((value) => value.toFixed(6)).join(","), line: this.#line.points.length > 1 && !this.#line.drawing ? lineText(this.#line.points) : null,
    });
  }

  #click({ lng, lat }) {
    if (this.#line.drawing) this.#line.add([lng, lat]);
    else this.#ask(lat, lng);
  }

  #ask(lat, lon) {
    this.#popup?.remove();
    this.#at = [lat, lon];
    const body = el("div");
    const popup = new this.#library.Popup({ maxWidth: "none", focusAfterOpen: true }).setLngLat([lon, lat]).setDOMContent(body).addTo(this.#map);
    popup.on("close", () => {
      if (this.#popup !== popup) return;
      this.#popup = null;
      this.#at = null;
      this.#question.stop();
      this.#keep();
    });
    this.#popup = popup;
    const zoom = Math.min(Math.max(Math.floor(this.#map.getZoom()) + 1, this.#facts.minzoom), this.#facts.maxzoom);
    this.#keep();
    // The popup chooses its side by its size, which the answers change.
    const placeAgain = () => { if (this.#popup === popup) popup.setLngLat([lon, lat]); };
    new ResizeObserver(placeAgain).observe(body);
    return this.#question.ask(body, lat, lon, zoom);
  }

  #askMiddle() {
    const { lng, lat } = this.#map.getCenter();
    this.#ask(lat, lng);
  }

  #askTyped() {
    const values = numbers(byId("place").value, 2);
    const good = values && Math.abs(values[0]) <= 90 && Math.abs(values[1]) <= 180;
    byId("place").setAttribute("aria-invalid", String(!good));
    say(byId("place-says"), good ? "" : "Two numbers: the latitude from -90 to 90, a comma, the longitude from -180 to 180.");
    if (!good) return;
    const [lat, lon] = values;
    this.#map.jumpTo({ center: [lon, lat], zoom: Math.max(this.#map.getZoom(), 11) });
    this.#ask(lat, lon);
  }

  #startLine() {
    this.#popup?.remove();
    this.#drawer.close();
    this.#line.start();
  }

  #lineAcross() {
    const box = this.#map.getContainer().getBoundingClientRect();
    const at = (x) => this.#map.unproject([x * box.width, box.height / 2]).toArray();
    this.#line.take([at(0.3), at(0.9)]);
  }

  #toldLine(drawing, points) {
    byId("profile").setAttribute("aria-pressed", String(drawing));
    byId("profile").textContent = drawing ? "Finish" : "Draw a line";
    byId("map").classList.toggle("asking", drawing);
    byId("profile-says").textContent = !drawing ? "" : points.length < 2 ? "Click points on the map; Shift+Enter adds its middle." : "A double click or Enter ends the line, Escape gives it up.";
    this.#keep();
  }

  #profile(points) {
    this.#drawer.show(points, () => {
      this.#drawer.close();
      this.#line.clear();
      byId("profile").focus();
    });
  }
}

async function facts() {
  try {
    return await policyFacts();
  } catch (error) {
    byId("legend-body").replaceChildren(el("p.note.bad", {}, error.message));
    return noPolicy();
  }
}

async function main() {
  let page = null;
  watchConnection(async () => page?.refresh(await facts()));
  if (matchMedia("(max-width: 860px)").matches) for (const id of ["panel", "legend"]) byId(id).open = false;
  const hash = readHash();
  const known = await facts();
  if (known.name) document.title = `${known.name} · topobathy`;
  const made = await makeMap({ bounds: known.bounds, view: readView(hash.map) });
  if (!made) {
    new Legend(byId("legend-body"), null, known).show("chart");
    return;
  }
  tellIdle(made.map);
  page = new MapPage(made, known);
  page.start(hash);
}

main();
