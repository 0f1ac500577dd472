"""A small point cloud on the made-up ground as an EPT tree, of packed points or of points compressed with Zstandard."""

import ctypes
import json

import numpy as np
from osgeo import osr

import sample_formats

BOUNDS = (-7877900.0, 5312700.0, -7876900.0, 5313700.0)  # metres of Mercator, about -70.768..-70.759, 43.005..43.011: a shore
STEP = 2.0  # Mercator metres between points
SCALE = 0.01
SPAN = 32  # cells a side of a node; few, so that few points make a tree of some depth
SCHEMA = (("X", "signed", 4), ("Y", "signed", 4), ("Z", "signed", 4), ("Intensity", "unsigned", 2),
          ("ReturnNumber", "unsigned", 1), ("NumberOfReturns", "unsigned", 1), ("Classification", "unsigned", 1),
          ("PointSourceId", "unsigned", 2), ("GpsTime", "float", 8), ("OriginId", "unsigned", 4))
GROUND, NOISE, WATER, BOTTOM, SURFACE = 2, 7, 9, 40, 41


def build(terrain, offset, encoding):
    """({name below the project's folder: bytes}, points, bounds)."""
    x, y, z, classes = _points(terrain, offset)
    cube = _cube(z)
    nodes = _octree(x, y, z, cube)
    packed = _packed(x, y, z, classes, cube)
    files = {"ept.json": json.dumps(_description(encoding, cube, x, y, z), indent=2).encode()}
    extension, squeeze = (".bin", bytes) if encoding == "binary" else (".zst", _zstandard)
    for key, members in nodes.items():
        files[f"ept-data/{key}{extension}"] = squeeze(packed[members].tobytes())
    files |= _hierarchy({key: int(members.size) for key, members in nodes.items()})
    return files, int(z.size), BOUNDS


def _points(terrain, offset):
    """Ground on land, bottom under clear water to 6 m, its surface above, and noise that must be dropped."""
    west, south, east, north = BOUNDS
    x, y = (plane.ravel() for plane in np.meshgrid(np.arange(west + STEP / 2, east, STEP), np.arange(south + STEP / 2, north, STEP)))
    to_degrees = osr.CoordinateTransformation(sample_formats.spatial_ref("EPSG:3857"), sample_formats.spatial_ref("EPSG:4326"))
    degrees = np.array(to_degrees.TransformPoints(np.stack([x, y], 1).tolist()))
    # Rows of equal latitude, columns of equal longitude: the ground is quick to compute as a grid.
    width = np.arange(west + STEP / 2, east, STEP).size
    lon, lat = degrees[:width, 0], degrees[::width, 1]
    ground = terrain.at(lon[None, :], lat[:, None]).ravel()
    seen = ground > -6.0
    bottom = np.where(ground > 0.0, GROUND, BOTTOM)
    x, y, z, bottom = x[seen], y[seen], ground[seen] + offset, bottom[seen]
    wet = np.flatnonzero(bottom == BOTTOM)[::3]
    wrong = np.arange(0, x.size, 97)
    joined = lambda plane, surface, noise: np.concatenate([plane, surface, noise])  # noqa: E731
    return (joined(x, x[wet], x[wrong] + 0.5), joined(y, y[wet], y[wrong] + 0.5),
            joined(z, np.zeros(wet.size), z[wrong] + 60.0),
            joined(bottom, np.full(wet.size, SURFACE), np.full(wrong.size, NOISE)))


def _cube(z):
    """The cube all nodes halve: centre and half its side."""
    west, south, east, north = BOUNDS
    return (west + east) / 2, (south + north) / 2, float(np.floor((z.min() + z.max()) / 2)), (east - west) / 2 + 1.0


def _octree(x, y, z, cube):
    """{"d-x-y-z": indices of its points}: each node keeps one point of each of its cells, the rest goes down."""
    nodes, left = {}, np.arange(x.size)
    position = [(plane - (centre - cube[3])) / (2 * cube[3]) for plane, centre in zip((x, y, z), cube)]
    for depth in range(6):
        side = 2**depth
        index = [np.clip((part[left] * side).astype(int), 0, side - 1) for part in position]
        cell = [np.clip((part[left] * side * SPAN).astype(int), 0, side * SPAN - 1) for part in position]
        node_key = (index[0] * side + index[1]) * side + index[2]
        cell_key = (cell[0] * side * SPAN + cell[1]) * side * SPAN + cell[2]
        chosen = np.unique(cell_key, return_index=True)[1] if depth < 5 else np.arange(left.size)
        for value in np.unique(node_key[chosen]):
            name = f"{depth}-{value // side // side}-{value // side % side}-{value % side}"
            nodes[name] = left[chosen[node_key[chosen] == value]]
        left = np.delete(left, chosen)
        if left.size == 0:
            break
    return nodes


def _packed(x, y, z, classes, cube):
    types = {("signed", 4): "<i4", ("unsigned", 1): "u1", ("unsigned", 2): "<u2", ("unsigned", 4): "<u4", ("float", 8): "<f8"}
    points = np.zeros(x.size, [(name, types[kind, size]) for name, kind, size in SCHEMA])
    for name, plane, origin in zip("XYZ", (x, y, z), cube):
        points[name] = np.round((plane - origin) / SCALE)
    points["Classification"] = classes
    points["ReturnNumber"] = points["NumberOfReturns"] = 1
    points["Intensity"] = 100
    points["GpsTime"] = np.arange(x.size)
    return points


def _hierarchy(counts):
    """Counts, with the branches of the first octant of depth 2 moved to a page of their own (-1)."""
    root, pages = dict(counts), {}
    deep = [key for key in counts if key.startswith("2-")]
    if deep:
        branch = deep[0]
        page = {key: count for key, count in counts.items() if _is_below(key, branch)}
        if len(page) > 1:
            pages[branch] = page
            root = {key: count for key, count in counts.items() if key not in page} | {branch: -1}
    files = {"ept-hierarchy/0-0-0-0.json": root} | {f"ept-hierarchy/{key}.json": page for key, page in pages.items()}
    return {name: json.dumps(page, indent=1).encode() for name, page in files.items()}


def _is_below(key, branch):
    depth, *place = (int(part) for part in key.split("-"))
    top, *above = (int(part) for part in branch.split("-"))
    return depth >= top and [part >> (depth - top) for part in place] == above


def _description(encoding, cube, x, y, z):
    half = cube[3]
    schema = [{"name": name, "type": kind, "size": size} for name, kind, size in SCHEMA]
    for field, origin in zip(schema, cube):
        field |= {"scale": SCALE, "offset": origin}
    low = [float(np.floor(plane.min())) for plane in (x, y, z)]
    high = [float(np.ceil(plane.max())) for plane in (x, y, z)]
    return {"bounds": [part - half for part in cube[:3]] + [part + half for part in cube[:3]],
            "boundsConforming": low + high, "dataType": encoding, "hierarchyType": "json", "points": int(x.size),
            "schema": schema, "span": SPAN,
            "srs": {"authority": "EPSG", "horizontal": "3857", "vertical": "5703",
                    "wkt": sample_formats.spatial_ref("EPSG:3857+5703").ExportToWkt()},
            "version": "1.0.0"}


def _zstandard(body):
    """One frame. Python has no Zstandard of its own; GDAL brings the library."""
    library = ctypes.CDLL("libzstd.so.1")
    library.ZSTD_compressBound.restype = library.ZSTD_compress.restype = ctypes.c_size_t
    library.ZSTD_compressBound.argtypes = [ctypes.c_size_t]
    library.ZSTD_compress.argtypes = [ctypes.c_char_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_int]
    room = ctypes.create_string_buffer(library.ZSTD_compressBound(len(body)))
    size = library.ZSTD_compress(room, len(room), body, len(body), 3)
    return room.raw[:size]
