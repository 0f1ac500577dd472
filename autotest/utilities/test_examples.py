"""The policies of docs/examples are right, and their files exist once the sample coast is made."""

import glob
import json

import jsonschema
import pytest
import yaml

import places

EXAMPLES = sorted(places.EXAMPLES.glob("*.yaml"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_keeps_the_schema(path):
    schema = json.loads((places.ROOT / "docs" / "policy.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(yaml.safe_load(path.read_text(encoding="utf-8")), schema)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_names_files_of_the_sample_coast(path, sample_coast):
    (variable,) = yaml.safe_load(path.read_text(encoding="utf-8"))["variables"]
    for step in variable["steps"]:
        names = step.get("path", [])
        for name in [names] if isinstance(names, str) else names:
            assert (path.parent / name).is_file(), name
        if "glob" in step:
            assert glob.glob(str(path.parent / step["glob"])), step["glob"]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_is_valid_for_the_program(path, sample_coast, run_tool):
    process = run_tool(places.PROGRAM, "validate", str(path))
    assert process.returncode == 0 and ": valid" in process.stdout, process.stdout + process.stderr


def test_there_are_examples():
    assert {"sample_coast.yaml", "two_layers.yaml", "global_default.yaml", "great_barrier_reef.yaml", "wlis.yaml",
            "great_bay_estuary.yaml"} <= {path.name for path in EXAMPLES}
