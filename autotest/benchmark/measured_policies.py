"""The policies that are measured. Written as JSON, which is YAML too, so that no YAML library is needed here."""

import json

import stack


def write(path, steps, area):
    """A policy of bottom-up `steps` over `area`; returns its path."""
    policy = {
        "name": path.stem,
        "crs": "EPSG:4326",
        "resolution": stack.resolution(area.grid),
        "extent": [float(f"{edge:.6f}") for edge in area.box],
        "variables": [{"name": "elevation", "steps": steps}],
    }
    path.write_text(json.dumps(policy, indent=1) + "\n", encoding="utf-8")
    return str(path)


def layer_steps(sources, feather=None):
    """One step a layer of the stack, bilinear as gdalwarp is asked to be; `feather` in metres."""
    rule = {"operator": "metric_feather", "blend_distance": feather} if feather else {"operator": "overwrite"}
    return [{"provider": "raster", "name": layer, "path": files, "resampling": "bilinear", **rule}
            for layer, files in sources.layers.items()]


def missing_steps(folder, count):
    """Steps of one file each; no such file exists."""
    return [{"provider": "raster", "name": f"layer{i}", "path": f"{folder}/missing_{i:05d}.tif"} for i in range(count)]


def missing_list_step(folder, count):
    """One step of a list of files; no such file exists."""
    return [{"provider": "raster", "name": "tiles", "path": [f"{folder}/missing_{i:05d}.tif" for i in range(count)]}]


def glob_step(pattern):
    return [{"provider": "raster", "name": "tiles", "glob": pattern}]
