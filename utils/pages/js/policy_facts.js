// What the service says of the policy that it serves.

import { json } from "./service.js";

const WORLD = [-180, -85.0511, 180, 85.0511];

function box(values) {
  return Array.isArray(values) && values.length === 4 && values.every(Number.isFinite) ? values : WORLD;
}

/// {name, bounds [w, s, e, n], deepest zoom, policy}. \throws ServiceError
export async function policyFacts(signal) {
  const tilejson = await json("tilejson.json", { signal });
  return {
    name: tilejson.name ?? "",
    bounds: box(tilejson.bounds),
    minzoom: tilejson.minzoom ?? 0,
    maxzoom: tilejson.maxzoom ?? 22,
    policy: typeof tilejson.policy === "object" && tilejson.policy ? tilejson.policy : {},
  };
}

/// The whole world, where there is no answer.
export const noPolicy = () => ({ name: "", bounds: WORLD, minzoom: 0, maxzoom: 22, policy: {} });
