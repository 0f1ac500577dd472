// The diagram of a profile: elevation, its uncertainty as a band, the sources as a strip along the bottom, the sea as a line at 0 m.

import { loadPlotLibrary } from "./libraries.js";

const STRIP = 7; // pixels high

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/// Columns as uPlot takes them; null is a gap.
export function columns(samples) {
  const number = (value) => (Number.isFinite(value) ? value : null);
  const edge = (sample, sign) => (Number.isFinite(sample.elevation) && Number.isFinite(sample.uncertainty) ? sample.elevation + sign * sample.uncertainty : null);
  return [samples.map((sample) => sample.distance), samples.map((sample) => number(sample.elevation)),
    samples.map((sample) => edge(sample, 1)), samples.map((sample) => edge(sample, -1))];
}

function drawSea(plot) {
  const { min, max } = plot.scales.y;
  if (!(min < 0 && max > 0)) return;
  const { ctx, bbox } = plot;
  const y = plot.valToPos(0, "y", true);
  ctx.save();
  ctx.strokeStyle = colour("--accent");
  ctx.setLineDash([6, 5]);
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.restore();
}

function drawSources(plot, samples, colours) {
  const { ctx, bbox } = plot;
  const high = STRIP * devicePixelRatio;
  samples.forEach((sample, i) => {
    const from = plot.valToPos(sample.distance, "x", true);
    const to = i + 1 < samples.length ? plot.valToPos(samples[i + 1].distance, "x", true) : from + 1;
    const fill = colours.get(sample.source_id);
    if (!fill) return;
    ctx.fillStyle = fill;
    ctx.fillRect(from, bbox.top + bbox.height - high, Math.max(1, to - from + 0.5), high);
  });
}

function options(width, samples, colours, onSpot) {
  const axis = { stroke: colour("--quiet"), grid: { stroke: colour("--line"), width: 1 }, ticks: { stroke: colour("--line") }, font: "12px system-ui" };
  return {
    width, height: 180, padding: [8, 12, 0, 0], legend: { live: true },
    scales: { x: { time: false }, y: { range: (plot, low, high) => (low === null ? [-1, 1] : [low - 0.14 * Math.max(high - low, 0.5), high + 0.08 * Math.max(high - low, 0.5)]) } },
    cursor: { y: false, drag: { x: true, y: false } },
    axes: [{ ...axis, values: (_, ticks) => ticks.map((tick) => (samples.at(-1).distance < 3000 ? `${tick} m` : `${tick / 1000} km`)) },
      { ...axis, size: 62, values: (_, ticks) => ticks.map((tick) => `${tick} m`.replace("-", "−")) }],
    series: [{ label: "Distance", value: (_, value) => (value === null ? "–" : `${value.toFixed(0)} m`) },
      { label: "Elevation", stroke: colour("--ink"), width: 1.8, points: { show: false }, value: (_, value) => (value === null ? "–" : `${value.toFixed(2)} m`.replace("-", "−")) },
      { label: "+1 sigma", stroke: "transparent", points: { show: false }, value: (_, value) => (value === null ? "–" : `${value.toFixed(2)} m`.replace("-", "−")) },
      { label: "−1 sigma", stroke: "transparent", points: { show: false }, value: (_, value) => (value === null ? "–" : `${value.toFixed(2)} m`.replace("-", "−")) }],
    bands: [{ series: [2, 3], fill: `${colour("--accent")}33` }],
    hooks: { draw: [(plot) => { drawSources(plot, samples, colours); drawSea(plot); }], setCursor: [(plot) => onSpot(plot.cursor.idx)] },
  };
}

/// Draws into `place`, follows its width. `onSpot(index or null)` says where the reader points at. Returns what ends it.
export async function drawProfile(place, samples, colours, onSpot) {
  const Plot = await loadPlotLibrary();
  const plot = new Plot(options(place.clientWidth, samples, colours, onSpot), columns(samples), place);
  const watch = new ResizeObserver(() => plot.setSize({ width: place.clientWidth, height: 180 }));
  watch.observe(place);
  return () => {
    watch.disconnect();
    plot.destroy();
  };
}
