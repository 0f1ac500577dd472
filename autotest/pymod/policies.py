"""Policies for tests: small ones from keywords, any from a dict or text."""

import json
import pathlib

import yaml


def write(path, policy):
    """Writes a dict (as YAML) or YAML text; returns the path as text, which is what GDAL takes."""
    text = policy if isinstance(policy, str) else yaml.safe_dump(policy, sort_keys=False, allow_unicode=True)
    pathlib.Path(path).write_text(text, encoding="utf-8")
    return str(path)


def raster_step(path, **more):
    """A step of provider raster; `path` is a file or a list of files."""
    files = [str(file) for file in path] if isinstance(path, (list, tuple)) else str(path)
    return {"provider": "raster", "path": files, **more}


def policy(steps, name="test", variable=None, **root):
    """A policy dict around bottom-up `steps`; `variable` holds further keys of the elevation variable."""
    return {"name": name, **root, "variables": [{"name": "elevation", **(variable or {}), "steps": steps}]}


def read_manifest(folder):
    """{file name: facts} of a sample coast."""
    facts = json.loads((pathlib.Path(folder) / "manifest.json").read_text(encoding="utf-8"))
    return {entry["file"]: entry for entry in facts["files"]}
