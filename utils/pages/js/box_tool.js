// A box on the map: drawn, or dragged by its corners and middle, with a pointer or the arrow keys.

import { el } from "./dom.js";
import { ring } from "./geometry.js";

const STEP = 8; // pixels that an arrow key moves a handle

// Which edges of [west, south, east, north] a handle moves.
const HANDLES = [
  { name: "North-west corner", edges: [0, 3] }, { name: "North-east corner", edges: [2, 3] },
  { name: "South-east corner", edges: [2, 1] }, { name: "South-west corner", edges: [0, 1] }];

export class BoxTool {
  #map; #library; #box = null; #markers = []; #changed; #drawing = false;

  constructor({ map, library }, changed) {
    this.#map = map;
    this.#library = library;
    this.#changed = changed;
    map.addSource("box", { type: "geojson", data: { type: "FeatureCollection", features: [] } });
    map.addLayer({ id: "box-fill", type: "fill", source: "box", paint: { "fill-color": "#d0342c", "fill-opacity": 0.07 } });
    map.addLayer({ id: "box-under", type: "line", source: "box", paint: { "line-color": "#ffffff", "line-width": 5, "line-opacity": 0.75 } });
    map.addLayer({ id: "box-line", type: "line", source: "box", paint: { "line-color": "#d0342c", "line-width": 2.5 } });
    map.getCanvasContainer().addEventListener("pointerdown", (event) => { if (this.#drawing) this.#pull(event); }, true);
    document.addEventListener("keydown", (event) => { if (event.key === "Escape" && this.#drawing) this.draw(false); });
  }

  get drawing() { return this.#drawing; }

  /// The next drag on the map draws a box.
  draw(on) {
    this.#drawing = on;
    this.#map.getContainer().classList.toggle("asking", on);
    this.#map.dragPan[on ? "disable" : "enable"]();
    this.#changed(this.#box, "drawing");
  }

  show(box) {
    this.#box = box;
    const features = box ? [{ type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [ring(box)] } }] : [];
    this.#map.getSource("box").setData({ type: "FeatureCollection", features });
    this.#place();
  }

  #pull(event) {
    event.stopPropagation();
    event.preventDefault();
    const frame = this.#map.getCanvas().getBoundingClientRect();
    const at = ({ clientX, clientY }) => this.#map.unproject([clientX - frame.left, clientY - frame.top]).toArray();
    const start = at(event);
    const move = (moved) => this.#set(sorted(start, at(moved)));
    const end = () => {
      removeEventListener("pointermove", move);
      this.draw(false);
    };
    addEventListener("pointermove", move);
    addEventListener("pointerup", end, { once: true });
  }

  #set(box) {
    if (box[0] === box[2] || box[1] === box[3]) return;
    this.show(box);
    this.#changed(box, "box");
  }

  #place() {
    if (!this.#box) {
      for (const { marker } of this.#markers) marker.remove();
      this.#markers = [];
      return;
    }
    if (!this.#markers.length) this.#markers = [...HANDLES.map((handle) => this.#corner(handle)), this.#middle()];
    for (const { marker, at } of this.#markers) marker.setLngLat(at(this.#box));
  }

  #handle(name, at, moved) {
    const element = el(name === "Middle" ? "button.handle.middle" : "button.handle", { type: "button", "aria-label": `${name} of the box: arrow keys move it` });
    const marker = new this.#library.Marker({ element, draggable: true }).setLngLat(at(this.#box)).addTo(this.#map);
    marker.on("drag", () => moved(marker.getLngLat().toArray()));
    element.addEventListener("keydown", (event) => {
      const [right, down] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [0, 0];
      if (!right && !down) return;
      event.preventDefault();
      event.stopPropagation();
      const { x, y } = this.#map.project(marker.getLngLat());
      moved(this.#map.unproject([x + right * STEP, y + down * STEP]).toArray());
    });
    return { marker, at };
  }

  #corner({ name, edges: [x, y] }) {
    return this.#handle(name, (box) => [box[x], box[y]], (place) => {
      const box = [...this.#box];
      [box[x], box[y]] = place;
      if (box[0] < box[2] && box[1] < box[3]) this.#set(box);
      else this.#place();
    });
  }

  #middle() {
    const middle = (box) => [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
    return this.#handle("Middle", middle, ([lon, lat]) => {
      const [x, y] = middle(this.#box);
      const [w, s, e, n] = this.#box;
      this.#set([w + lon - x, s + lat - y, e + lon - x, n + lat - y]);
    });
  }
}

const sorted = ([x1, y1], [x2, y2]) => [Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2)];
