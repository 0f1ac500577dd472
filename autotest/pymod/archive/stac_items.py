"""STAC items of the files that lie in blobs, and the search among them."""

import json

from osgeo import osr

import sample_formats

COLLECTIONS = {"usgs_3dep": "3dep-seamless", "copernicus_dsm": "cop-dem-glo-30", "nasadem": "nasadem",
               "usgs_lidar": "3dep-lidar-copc"}
ASSET = {"nasadem": "elevation"}  # "data" elsewhere
EPSG = {"3dep-seamless": 5498, "cop-dem-glo-30": 4326, "nasadem": 4326}
CONTAINERS = {  # account and container of a collection, for its tokens
    "3dep-seamless": ("ai4edataeuwest", "3dep"), "cop-dem-glo-30": ("elevationeuwest", "copernicus-dem"),
    "nasadem": ("nasademeuwest", "nasadem-cog"), "3dep-lidar-copc": ("usgslidareuwest", "usgs-3dep-copc")}


def items(contents):
    found = [_item(item) for item in contents.items if item.facts.get("blob")]
    return sorted(found, key=lambda item: (item["collection"], item["id"]))


def select(items, wanted):
    """Those of a search: collections, ids, bbox (4 or 6 numbers)."""
    known = set(CONTAINERS)
    unknown = set(wanted.get("collections") or ()) - known
    if unknown:
        raise ValueError(f"no collection {sorted(unknown)[0]}")
    box = wanted.get("bbox")
    if box is not None and len(box) == 6:
        box = [box[0], box[1], box[3], box[4]]
    if box is not None and len(box) != 4:
        raise ValueError("bbox: 4 or 6 numbers")
    return [item for item in items if item["collection"] in (wanted.get("collections") or known)
            and (not wanted.get("ids") or item["id"] in wanted["ids"])
            and (box is None or _touches(box, item["bbox"]))]


def _touches(box, other):
    if len(other) == 6:
        other = [other[0], other[1], other[3], other[4]]
    return box[0] <= other[2] and box[2] >= other[0] and box[1] <= other[3] and box[3] >= other[1]


def _item(item):
    collection = COLLECTIONS[item.archive]
    west, south, east, north = box = item.tile_box or item.box
    properties = {"datetime": f"{item.year}-01-01T00:00:00Z"} | (
        _point_cloud(item) if item.archive == "usgs_lidar" else _raster(item, collection))
    asset = {"href": item.facts["blob"], "roles": ["data"], "type": "application/vnd.laszip+copc"
             if item.archive == "usgs_lidar" else "image/tiff; application=geotiff; profile=cloud-optimized"}
    return {"type": "Feature", "stac_version": "1.0.0", "id": _id(item), "collection": collection, "bbox": box,
            "geometry": {"type": "Polygon", "coordinates": [[[east, south], [east, north], [west, north], [west, south], [east, south]]]},
            "properties": properties, "assets": {ASSET.get(item.archive, "data"): asset}, "links": []}


def _id(item):
    if item.archive == "usgs_3dep":
        return f"{item.facts['tile']}-{item.facts['product']}"
    return item.name.removesuffix(".copc.laz").removesuffix(".tif")


def _raster(item, collection):
    whole_year = {"start_datetime": f"{item.year}-01-01T00:00:00Z", "end_datetime": f"{item.year}-12-31T00:00:00Z"}
    return {"gsd": round(item.resolution), "proj:epsg": EPSG[collection]} | whole_year


def _point_cloud(item):
    crs = sample_formats.spatial_ref("EPSG:26912+5703")  # the file itself states none
    utm = osr.CoordinateTransformation(sample_formats.spatial_ref("EPSG:4326"), sample_formats.spatial_ref("EPSG:26912"))
    west, south, east, north = utm.TransformBounds(*item.box, 21)
    return {"3dep:usgs_id": item.facts["project"], "pc:count": item.facts["points"], "pc:type": "lidar", "pc:encoding": "COPC",
            "start_datetime": f"{item.year}-08-01T00:00:00Z", "end_datetime": f"{item.year}-08-02T00:00:00Z",
            "proj:bbox": [west, south, 2322.0, east, north, 2339.0],
            "proj:projjson": json.loads(crs.ExportToPROJJSON())}
