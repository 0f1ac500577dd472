"""What the pages' test server answers with: real tiles of the sample coast, made by `topobathy hydrate tiles`, and what lies in them."""

import functools
import io
import json
import math
import pathlib
import zipfile

import numpy

import places
import tools

BOX = (-70.80, 42.96, -70.70, 43.04)
POLICY = places.EXAMPLES / "sample_coast.yaml"
ZOOMS = (8, 14)
STYLES = ("chart", "blues", "hillshade", "source", "contours", "classic")
MERCATOR = math.pi * 6378137.0


def make_tiles(cache):
    """All that pages ask for, into the cache folder; made once."""
    done = pathlib.Path(cache) / "made"
    if not done.exists():
        tools.run("topobathy", "hydrate", "tiles", *BOX, "-c", POLICY, "-z", "-".join(map(str, ZOOMS)), "--style", "all",
                  "--format", "png,terrarium,npz", env={"TOPOBATHY_CACHE_DIR": str(cache)})
        done.write_text("", encoding="utf-8")
    return pathlib.Path(cache)


def tile_of(lat, lon, z):
    """Column and row, and the place in the tile as parts of its side."""
    x = (lon + 180) / 360 * 2**z
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 2**z
    return int(x), int(y), x % 1, y % 1


class Coast:
    def __init__(self, cache):
        self.cache = make_tiles(cache)

    def _file(self, kind, z, x, y, suffix):
        return next(iter(self.cache.glob(f"tiles/{kind}/{z}/{x}/{y}_????????{suffix}")), None)

    def picture(self, look, z, x, y):
        """Bytes of a PNG, None of an empty tile."""
        path = self._file(f"visual/{look}", z, x, y, ".png")
        return path.read_bytes() if path else None

    def numbers(self, z, x, y):
        path = self._file("data", z, x, y, ".npz")
        return path.read_bytes() if path else None

    def metadata(self, z, x, y):
        path = self._file("visual/chart", z, x, y, "_meta.json")
        facts = json.loads(path.read_text(encoding="utf-8")) if path else {"sources": []}
        return {"z": z, "x": x, "y": y, "cache_status": "hit" if path else "miss",
                **{name: facts.get(name) for name in ("bounds", "created_at", "elevation", "policy", "sources", "valid_pixels")}}

    @functools.lru_cache(maxsize=64)  # noqa: B019  one coast a server
    def _arrays(self, z, x, y):
        data = self.numbers(z, x, y)
        if data is None:
            return None
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return {name: numpy.load(io.BytesIO(archive.read(name + ".npy"))) for name in ("elevation", "uncertainty", "source_id")}

    def at(self, lat, lon):
        """(elevation or None, uncertainty or None, source or None) of the deepest tile."""
        x, y, across, down = tile_of(lat, lon, ZOOMS[1])
        arrays = self._arrays(ZOOMS[1], x, y)
        if arrays is None:
            return None, None, None
        height, sigma, source = (arrays[name][int(down * 256), int(across * 256)].item() for name in ("elevation", "uncertainty", "source_id"))
        if math.isnan(height):
            return None, None, None
        known = {row["id"]: row for row in self.metadata(ZOOMS[1], x, y)["sources"]}
        return height, None if math.isnan(sigma) else sigma, known.get(source, {"id": source})
