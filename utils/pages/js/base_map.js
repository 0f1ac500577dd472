// A map without any outside: plain ground, our own tiles, a graticule.

import { byId, el } from "./dom.js";
import { addGraticule } from "./graticule.js";
import { loadMapLibrary, MapLacks } from "./libraries.js";
import { addTileProtocol, template } from "./tiles.js";

const TILE_SIZE = 256;

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
export const reducedMotion = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

function style() {
  return {
    version: 8,
    sources: {},
    layers: [{ id: "ground", type: "background", paint: { "background-color": colour("--map-empty") } }],
  };
}

export function tileSource(look, facts, edition = 0) {
  return {
    type: look === "terrarium" ? "raster-dem" : "raster", tiles: [template(look, edition)], tileSize: TILE_SIZE, bounds: facts.bounds,
    minzoom: facts.minzoom, maxzoom: facts.maxzoom, ...(look === "terrarium" ? { encoding: "terrarium" } : {}),
  };
}

const besides = (id) => (byId(id)?.open ? byId(id).offsetWidth + 12 : 0);

/// Room at the edges that panels do not cover, pixels; on small screens they are closed or may cover.
export function clearOfPanels(edge = 40) {
  const wide = byId("map").clientWidth > 860;
  return { top: edge, bottom: edge, left: edge + (wide ? besides("panel") : 0), right: edge + (wide ? besides("legend") : 0) };
}

/// Says in the map's place why there is none. The rest of the page goes on.
export function showLacking(error) {
  const place = byId("map");
  place.setAttribute("role", "note");
  place.replaceChildren(el("div.lacks", {}, el("div.card", {}, el("h2", {}, error.title ?? "There is no map"), el("p", {}, error.message))));
}

/// The map, ready for sources and layers; null where there can be none, which the page then says.
/// options: bounds, view ({center, zoom, bearing, pitch}), more (of MapLibre).
export async function makeMap({ bounds, view, more = {} }) {
  let library;
  try {
    library = await loadMapLibrary();
  } catch (error) {
    if (!(error instanceof MapLacks)) throw error;
    showLacking(error);
    return null;
  }
  addTileProtocol(library);
  const map = new library.Map({
    container: "map", style: style(), attributionControl: false, maxPitch: 75, fadeDuration: reducedMotion() ? 0 : 200,
    ...(view ?? { bounds, fitBoundsOptions: { padding: clearOfPanels() } }), ...more,
  });
  map.getCanvas().setAttribute("aria-label", byId("map").getAttribute("aria-label"));
  map.addControl(new library.NavigationControl({ visualizePitch: true }), "top-right");
  map.addControl(new library.ScaleControl({ maxWidth: 110 }), "bottom-left");
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => map.setPaintProperty("ground", "background-color", colour("--map-empty")));
  await new Promise((resolve) => { map.once("style.load", resolve); });
  return { map, library, graticule: addGraticule(map, colour) };
}

/// Nothing is loading any more, for tests and pictures: <html data-map="idle">.
export function tellIdle(map) {
  const root = document.documentElement;
  root.dataset.map = "busy";
  map.on("dataloading", () => { root.dataset.map = "busy"; });
  map.on("movestart", () => { root.dataset.map = "busy"; });
  map.on("idle", () => { root.dataset.map = "idle"; });
}
