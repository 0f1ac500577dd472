// How the map's tiles come: our own protocol, so that an empty tile (204) is one, a busy service is asked again, and shades can lie over
// other pictures.

import { address, isAbort, request, ServiceError } from "./service.js";

const SCHEME = "service";
const TRIES = 4;
const LONGEST_WAIT = 10; // seconds that a busy service may ask for
const LEVEL_GREY = 180;  // of a hillshade where the ground is level: 255 cos(45 degrees)

/// Address of a tile: a picture of a style, or its encoding for terrain.
export function tilePath(z, x, y, style) {
  return style === "terrarium"
    ? address(`tiles/${z}/${x}/${y}.png`, { format: "terrarium" })
    : address(`tiles/${z}/${x}/${y}.png`, { style });
}

/// Template for a source of MapLibre. `look`: a style, "terrarium", or "shade". `edition` only makes another address.
export const template = (look, edition = 0) => `${SCHEME}://${look}/{z}/{x}/{y}/${edition}`;

function pause(seconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, seconds * 1000);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(new DOMException("aborted", "AbortError"));
    }, { once: true });
  });
}

/// The tile's bytes, null of an empty one.
async function fetchTile(url, signal) {
  for (let tried = 1; ; ++tried) {
    try {
      const answer = await request(url, { signal });
      return answer.status === 204 ? null : await answer.blob();
    } catch (error) {
      const busy = error instanceof ServiceError && (error.status === 503 || error.status === 429);
      if (isAbort(error) || !busy || tried === TRIES) throw error;
      await pause(Math.min(error.retryAfter ?? tried, LONGEST_WAIT), signal);
    }
  }
}

/// No ground: transparent, or, for terrain, level at 0 m.
function emptyTile(look) {
  const side = look === "terrarium" ? 256 : 1;
  const image = new ImageData(side, side);
  if (look === "terrarium") {
    for (let i = 0; i < image.data.length; i += 4) {
      image.data[i] = 128;
      image.data[i + 3] = 255;
    }
  }
  return createImageBitmap(image);
}

/// A grey hillshade as shadow and light over something else: level ground is clear.
async function overlayShade(bitmap) {
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(bitmap, 0, 0);
  const image = context.getImageData(0, 0, canvas.width, canvas.height);
  const { data } = image;
  for (let i = 0; i < data.length; i += 4) {
    const grey = data[i];
    const dark = grey < LEVEL_GREY;
    const strength = dark ? (LEVEL_GREY - grey) / LEVEL_GREY : (grey - LEVEL_GREY) / (255 - LEVEL_GREY);
    data[i] = data[i + 1] = data[i + 2] = dark ? 0 : 255;
    data[i + 3] *= strength * (dark ? 0.85 : 0.6);
  }
  return createImageBitmap(image);
}

const OPAQUE = { premultiplyAlpha: "none", colorSpaceConversion: "none" }; // heights are numbers, not colours

async function loadTile(parameters, controller) {
  const [look, z, x, y] = parameters.url.slice(SCHEME.length + 3).split("/");
  const blob = await fetchTile(tilePath(z, x, y, look === "shade" ? "hillshade" : look), controller.signal);
  if (!blob) return { data: await emptyTile(look) };
  const bitmap = await createImageBitmap(blob, look === "terrarium" ? OPAQUE : {});
  return { data: look === "shade" ? await overlayShade(bitmap) : bitmap };
}

export function addTileProtocol(library) {
  library.addProtocol(SCHEME, loadTile);
}
