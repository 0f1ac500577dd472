"""What the tests of `topobathy analyze` ask about, and how they look at its answer."""

from osgeo import gdal

EXTENT = [-70.80, 42.96, -70.70, 43.04]
BOX = "-70.76,42.98,-70.72,42.995"  # of four cells the southern two
NOTHING = {"files": 0, "bytes": 0, "unsized": 0}


def only_step(answer):
    (step,) = answer["steps"]
    return step


def taken(step):
    return {file["id"]: file for file in step["files"] if file["excluded"] is None}


def left_out(step):
    return {file["id"]: file["excluded"] for file in step["files"] if file["excluded"] is not None}


def read_box(policy, box=BOX, **options):
    """Reads the box through GDAL, as somebody would after the analysis."""
    west, south, east, north = (float(edge) for edge in box.split(","))
    dataset = gdal.OpenEx(policy, open_options=[f"{name}={value}" for name, value in options.items()])
    left, width, _, top, _, height = dataset.GetGeoTransform()
    col, row = int((west - left) / width), int((north - top) / height)
    return dataset.ReadAsArray(col, row, int((east - west) / width), int((south - north) / height))
