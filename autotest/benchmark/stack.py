"""The stack of sources that is fused, as its stack.json describes it, and areas of it."""

import dataclasses
import json
import os
import pathlib
import subprocess
from typing import Dict, List, Tuple

from measure import BenchmarkError

PYTHON = "/usr/bin/python3"  # the stack's maker needs Debian's osgeo, numpy and scipy
PIXELS = {"geo10": 500, "geo30": 160}  # per cell edge of 0.05 degree
CELL_DEGREES = 0.05
METRES_PER_DEGREE = 111320  # of the lattice: docs/architecture.md, Geometry
SNAP_DEGREES = 0.005  # whole pixels of both grids


@dataclasses.dataclass(frozen=True)
class Area:
    """West, south, east, north in degrees, and the pixels of a grid in it."""

    box: Tuple[float, float, float, float]
    grid: str

    def size(self):
        west, south, east, north = self.box
        per_degree = PIXELS[self.grid] / CELL_DEGREES
        return round((east - west) * per_degree), round((north - south) * per_degree)

    def box_text(self, separator):
        return separator.join(f"{edge:.6f}" for edge in self.box)


def resolution(grid):
    """The policy's `resolution` in metres that gives the grid."""
    return CELL_DEGREES * METRES_PER_DEGREE / PIXELS[grid]


@dataclasses.dataclass
class Stack:
    layers: Dict[str, List[str]]  # bottom-up: layer name to its files
    elevation_files: List[str]  # bottom-up, one band each
    boxes: List[Tuple[float, ...]]  # of these files, degrees
    box: Tuple[float, float, float, float]
    bytes: int

    def area(self, grid, part=1):
        """The stack's area on a grid; `part` 4 and 16: a quarter and a sixteenth of it, about its centre."""
        edge = part**-0.5
        west, south, east, north = self.box
        half_width, half_height = edge * (east - west) / 2, edge * (north - south) / 2
        x, y = (west + east) / 2, (south + north) / 2
        box = (x - half_width, y - half_height, x + half_width, y + half_height)
        return Area(tuple(round(value / SNAP_DEGREES) * SNAP_DEGREES for value in box), grid)


def load(folder):
    description = json.loads((pathlib.Path(folder) / "stack.json").read_text(encoding="utf-8"))
    layers = {}
    for source in description["sources"]:
        layers.setdefault(source["layer"], []).append(os.path.abspath(source["path"]))
    return Stack(layers, [os.path.abspath(source["elev"]) for source in description["sources"]],
                 [tuple(source["bbox"]) for source in description["sources"]], tuple(description["aoi"]), sum(source["bytes"] for source in description["sources"]))


def load_or_make(folder, maker):
    """The stack of `folder`; made there by the program `maker` first if it is missing."""
    folder = pathlib.Path(folder)
    if not (folder / "stack.json").is_file():
        if not maker or not pathlib.Path(maker).is_file():
            raise BenchmarkError(f"no stack.json in {folder}: name a stack with --stack, or its maker with --make-stack")
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run([PYTHON, str(maker), str(folder)], check=True)
    return load(folder)
