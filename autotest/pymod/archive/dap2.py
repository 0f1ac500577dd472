"""DAP2: constraint expressions, and a set of arrays as DDS, XDR bytes and ASCII."""

import dataclasses
import re
import struct
from typing import Callable

import numpy as np


class BadConstraint(ValueError):
    pass


class TooLarge(ValueError):
    pass


@dataclasses.dataclass(frozen=True)
class Hyperslab:
    """start, step, last of a dimension, last included."""

    start: int
    step: int
    last: int

    @property
    def indices(self):
        return np.arange(self.start, self.last + 1, self.step)

    @property
    def count(self):
        return (self.last - self.start) // self.step + 1


@dataclasses.dataclass(frozen=True)
class Array:
    name: str
    type: str  # Int16, Byte, Float64
    dimensions: tuple  # names
    values: Callable  # (indices, ...) -> array

    def xdr(self, values):
        """The count twice, then the values: 16 bits take four bytes, bytes are packed and padded to four."""
        flat = np.ascontiguousarray(values).ravel()
        if self.type == "Byte":
            body = flat.astype(np.uint8).tobytes()
            body += bytes(-len(body) % 4)
        else:
            body = flat.astype({"Int16": ">i4", "Float64": ">f8"}[self.type]).tobytes()
        return struct.pack(">ii", flat.size, flat.size) + body


@dataclasses.dataclass(frozen=True)
class Dataset:
    """One grid with its maps, and the maps again as arrays of their own."""

    grid: Array
    maps: tuple  # Arrays, one a dimension of the grid
    lengths: dict  # {dimension: length}
    attributes: str  # DAS

    def arrays(self):
        return {array.name: array for array in (*self.maps, self.grid)}

    def das(self):
        return self.attributes

    def dds(self, wanted, path):
        return f"Dataset {{\n{''.join(self._declared(*one) for one in wanted)}}} {path};\n"

    def _declared(self, kind, array, slabs):
        if kind == "array":
            return f"    {_declaration(array, slabs)}\n"
        if kind == "member":  # a part of a grid is no grid
            return f"    Structure {{\n        {_declaration(array, slabs)}\n    }} {self.grid.name};\n"
        maps = "".join(f"        {_declaration(one, [slab])}\n" for one, slab in zip(self.maps, slabs))
        return f"    Grid {{\n     ARRAY:\n        {_declaration(array, slabs)}\n     MAPS:\n{maps}    }} {array.name};\n"

    def _parts(self, kind, array, slabs):
        """Arrays with their slabs, in the order they are sent."""
        return [(array, slabs)] + ([(one, [slab]) for one, slab in zip(self.maps, slabs)] if kind == "grid" else [])

    def size(self, wanted):
        return sum(8 * int(np.prod([slab.count for slab in slabs], dtype=np.int64)) for one in wanted
                   for _, slabs in self._parts(*one))

    def dods(self, wanted, path):
        body = [array.xdr(array.values(*(slab.indices for slab in slabs)))
                for one in wanted for array, slabs in self._parts(*one)]
        return self.dds(wanted, path).encode() + b"\nData:\n" + b"".join(body)

    def ascii(self, wanted, path):
        blocks = [self._text(one[0], array, slabs) for one in wanted for array, slabs in self._parts(*one)]
        return self.dds(wanted, path) + "-" * 45 + "\n" + "\n".join(blocks)

    def _text(self, kind, array, slabs):
        values = array.values(*(slab.indices for slab in slabs))
        name = array.name if kind == "array" else f"{self.grid.name}.{array.name}"
        head = name + "".join(f"[{slab.count}]" for slab in slabs) + "\n"
        if values.ndim == 1:
            return head + ", ".join(str(value) for value in values.tolist()) + "\n"
        return head + "".join(f"[{row}], {', '.join(str(value) for value in line)}\n" for row, line in enumerate(values.tolist()))


def _declaration(array, slabs):
    return f"{array.type} {array.name}" + "".join(f"[{name} = {slab.count}]" for name, slab in zip(array.dimensions, slabs)) + ";"


def parse(constraint, dataset):
    """[(kind, Array, slabs), ...] of `elevation[0:2:8][5],lat`; all of the dataset where it is empty. Kind: "grid", "array" or
    "member" (`elevation.lat[0]`). \\throws BadConstraint"""
    if not constraint:
        constraint = ",".join(dataset.arrays())
    return [_projection(part, dataset) for part in constraint.split("&")[0].split(",")]


def _projection(part, dataset):
    match = re.fullmatch(r"(?:(\w+)\.)?(\w+)((?:\[[\d:]+\])*)", part)
    arrays = dataset.arrays()
    if not match or match[2] not in arrays or match[1] not in (None, dataset.grid.name):
        raise BadConstraint(f"Variable not found: {part}")
    array = arrays[match[2]]
    kind = "member" if match[1] else "grid" if array is dataset.grid else "array"
    slices = re.findall(r"\[([\d:]+)\]", match[3])
    if slices and len(slices) != len(array.dimensions):
        raise BadConstraint(f"Wrong number of dimensions for {array.name}")
    lengths = [dataset.lengths[name] for name in array.dimensions]
    if not slices:
        return kind, array, [Hyperslab(0, 1, length - 1) for length in lengths]
    return kind, array, [_slab(text, length) for text, length in zip(slices, lengths)]


def _slab(text, length):
    numbers = [int(number) for number in text.split(":")] if re.fullmatch(r"\d+(:\d+){0,2}", text) else []
    if not numbers:
        raise BadConstraint(f"[{text}] is no slice")
    start, last = numbers[0], numbers[-1]
    step = numbers[1] if len(numbers) == 3 else 1
    if step < 1 or start > last or last >= length:
        raise BadConstraint(f"[{text}] is outside of 0..{length - 1}")
    return Hyperslab(start, step, last)
