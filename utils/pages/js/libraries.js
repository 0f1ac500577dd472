// The libraries of the registry. They are not part of the sources: build.sh puts them into vendor/.

const BUILT_BY = "utils/pages/build.sh";

/// Why a map cannot be shown; `title` in few words.
export class MapLacks extends Error {
  constructor(title, message) {
    super(message);
    this.title = title;
  }
}

async function load(name) {
  try {
    return await import(new URL(`../vendor/${name}`, import.meta.url));
  } catch {
    throw new MapLacks("The map library is not built", `These pages were installed without their libraries. ${BUILT_BY} gets them (it needs npm); then load this page again.`);
  }
}

function hasWebGl() {
  try {
    return document.createElement("canvas").getContext("webgl2") !== null;
  } catch {
    return false;
  }
}

export async function loadMapLibrary() {
  const library = await load("maplibre-gl.js");
  if (!hasWebGl()) {
    throw new MapLacks("This browser draws no WebGL 2", "Maps need it. It may be switched off in the browser's settings, or the graphics driver may be too old. All that needs no map works.");
  }
  library.setWorkerUrl(new URL("../vendor/maplibre-gl-worker.js", import.meta.url).href);
  return library;
}

export async function loadPlotLibrary() {
  return (await load("uplot.js")).default;
}
