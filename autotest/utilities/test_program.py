"""The program as a user starts it: its answers, its refusals, its exit status."""

import json
import re
import subprocess

import pytest
from osgeo import gdal, osr

import needed
import places
import policies

COAST = "docs/examples/sample_coast.yaml"
VERSION_LINES = ("topobathy ", "engine schema ", "GDAL ", "PROJ ", "SQLite ", "OpenSSL ", "libzip ", "Blosc ", "libdeflate ",
                 "Zstandard ", "JSON for Modern C++ ", "CLI11 ")


def write_raster(path, crs):
    """A GeoTIFF of 10 x 10 pixels in the sample coast's UTM zone."""
    reference = osr.SpatialReference()
    reference.SetFromUserInput(crs)
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), 10, 10, 1, gdal.GDT_Float32)
    dataset.SetSpatialRef(reference)
    dataset.SetGeoTransform((350000, 10, 0, 4760000, 0, -10))
    dataset.GetRasterBand(1).Fill(-5)


@pytest.fixture
def topobathy(run_tool):
    """topobathy(...) in the root of the repository; the finished process, whatever its status."""
    return lambda *arguments, **more: run_tool("topobathy", *arguments, check=False, cwd=places.ROOT, **more)


def test_version_names_the_libraries(topobathy):
    lines = topobathy("--version").stdout.splitlines()
    assert len(lines) == len(VERSION_LINES)
    for line, begin in zip(lines, VERSION_LINES):
        assert re.fullmatch(re.escape(begin) + r"\d.*", line)


def test_works_without_the_plugin(topobathy, sample_coast, tmp_path):
    process = topobathy("explain", COAST, -70.745, 42.985, env={"GDAL_DRIVER_PATH": str(tmp_path)})
    assert process.returncode == 0 and "elevation     -14." in process.stdout


# Options are declared once, in the program or in the driver; the page repeats them for readers.

def documented_options(command):
    page = (places.ROOT / "docs" / "program.md").read_text(encoding="utf-8")
    heading = f"## `topobathy {command}`" if command else "## For every command"
    section = page.split(heading, 1)[1].split("\n## ", 1)[0]
    rows = re.findall(r"^\| `(-[^`]*)` \| (.*) \|$", section, re.MULTILINE)
    return [(name.replace("\\|", "|"), text) for name, text in rows]


def options_of_help(text):
    options = []
    for line in text.splitlines():
        if match := re.match(r"  (-\S+(?: \S+)*)(?:\s\s+(.*)|$)", line):
            options.append([match[1], match[2] or ""])
        elif options and (match := re.match(r"\s{20,}(\S.*)", line)) and not options[-1][1]:
            options[-1][1] = match[1]
    return [tuple(option) for option in options]


@pytest.mark.parametrize("command", ["", "validate", "explain", "analyze", "cache", "hydrate fuse", "hydrate tiles", "hydrate jobs", "hydrate cancel", "serve"])
def test_the_page_has_the_options_of_help(topobathy, command):
    process = topobathy(*command.split(), "--help")
    assert process.returncode == 0
    found = [(" ".join(name.split()), text) for name, text in options_of_help(process.stdout)]
    assert len(found) >= 2
    assert documented_options(command) == found


@pytest.mark.parametrize("arguments, message", [
    ([], "topobathy: give a command: validate, explain, analyze, hydrate, cache, serve; see topobathy --help"),
    (["explian", COAST, -70, 43], "topobathy: unknown command explian; did you mean explain?"),
    (["explian", "--jsno", COAST], "topobathy: unknown command explian; did you mean explain?"),
    (["frobnicate"], "topobathy: unknown command frobnicate; commands are validate, explain, analyze, hydrate, cache, serve"),
    (["--jason"], "topobathy: unknown option --jason; topobathy --help lists the options"),
    (["validate"], "topobathy validate: policy is required; see topobathy validate --help"),
    (["validate", "--jsn", COAST], "topobathy validate: unknown option --jsn; did you mean --json?"),
    (["validate", "--quite"], "topobathy validate: unknown option --quite; did you mean --quiet?"),
    (["validate", "-x", COAST], "topobathy validate: unknown option -x; topobathy validate --help lists the options"),
    (["validate", COAST, "--config", "FOO"], "topobathy: --config FOO: write KEY=VALUE"),
    (["explain", COAST, -70.75], "topobathy explain: lat is required; see topobathy explain --help"),
    (["explain", COAST, -70.75, "north"], "topobathy explain: Could not convert: lat = north; see topobathy explain --help"),
    (["explain", COAST, -70.75, 43, 7], "topobathy explain: one argument too many: 7"),
    (["explain", "--resoluton", 10, COAST, -70, 43],
     "topobathy explain: unknown option --resoluton; did you mean --resolution?"),
    (["explain", COAST, 43, -95],
     "topobathy: latitude -95 lies outside -90..90; give longitude, then latitude, in degrees"),
    (["explain", COAST, 541, 43],
     "topobathy: longitude 541 lies outside -540..540; give longitude, then latitude, in degrees"),
    (["explain", COAST, "nan", 43],
     "topobathy: longitude nan lies outside -540..540; give longitude, then latitude, in degrees"),
    (["explain", COAST, -70.75, 43, "--level", 4], "topobathy: --level 4: this raster has levels 0 to 3"),
    (["explain", COAST, -70.75, 43, "--resolution", "fine"], "topobathy: Open option RESOLUTION=fine: not a number"),
    (["explain", COAST, -70.75, 43, "--cache", "of"],
     "topobathy: Open option CACHE=of: not a choice; did you mean OFF?"),
    (["explain", COAST, -70.75, 43, "--resolution", 5, "--zoom", 14],
     "topobathy: Open options RESOLUTION and ZOOM exclude each other; give one"),
    (["explain", COAST, -70.75, 43, "--crs", "EPSG:99999"],
     "topobathy: 'EPSG:99999' is not a CRS that PROJ knows; give an EPSG code, WKT or a PROJ string"),
])
def test_refuses_a_wrong_command_line(topobathy, sample_coast, arguments, message):
    process = topobathy(*arguments)
    assert process.stderr == message + "\n"
    assert process.stdout == ""
    assert process.returncode == 2


def test_a_policy_that_does_not_exist_is_a_failure(topobathy):
    for command in (["validate", "--quiet", "no.yaml"], ["explain", "no.yaml", 1, 2]):
        process = topobathy(*command)
        assert (process.returncode, process.stdout) == (1, "")
        assert process.stderr == "topobathy: policy 'no.yaml' does not exist\n"


def test_a_reader_that_leaves_changes_nothing(sample_coast):
    process = subprocess.Popen([places.PROGRAM, "explain", places.ROOT / COAST, "-70.745", "42.985"],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait(timeout=60) == 0


def test_a_full_disk_is_a_failure(sample_coast):
    with open("/dev/full", "w", encoding="ascii") as full:
        process = subprocess.run([places.PROGRAM, "--version"], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert process.returncode == 1
    assert process.stderr == "topobathy: cannot write to standard output: No space left on device\n"


class TestValidate:
    EXTENT = [-70.80, 42.96, -70.70, 43.04]

    def test_reports_the_examples(self, topobathy, sample_coast):
        process = topobathy("validate", COAST, "docs/examples/two_layers.yaml")
        assert (process.returncode, process.stderr) == (0, "")
        assert process.stdout.startswith(f"""\
{COAST}: valid
  policy  Sample coast 1.0.0
""")
        assert """
  step      provider  operator              files  problems
  global    raster    overwrite             1      none
  land      raster    metric_feather 60 m   1      none
  coastal   raster    metric_feather 100 m  2      none
  bluetopo  raster    metric_feather 100 m  1      none
  surveys   raster    metric_feather 200 m  2      none
  lidar     raster    metric_feather 30 m   1      none
docs/examples/two_layers.yaml: valid
  policy  Two layers 1.0.0
""" in process.stdout

    def test_the_page_shows_this_report(self, topobathy, sample_coast):
        page = (places.ROOT / "docs" / "program.md").read_text(encoding="utf-8")
        assert f"$ topobathy validate {COAST}\n" + topobathy("validate", COAST).stdout in page

    def test_tells_a_wrong_text_with_its_place(self, topobathy, write_policy):
        path = write_policy("name: x\nvariables:\n  - steps:\n      - provider: rastre\n")
        process = topobathy("validate", path)
        assert process.returncode == 3
        assert process.stderr == f'{path}:4:19: unknown provider "rastre"; did you mean "raster"?\n'
        assert process.stdout == f"{path}: not valid, 1 error\n"

    def test_lists_every_file_that_cannot_be_used(self, topobathy, sample_coast, write_policy, tmp_path):
        (tmp_path / "junk.tif").write_text("no raster", encoding="ascii")
        path = write_policy(f"""\
name: Holes
extent: {self.EXTENT}
variables:
  - steps:
      - provider: raster
        name: base
        path: [a.tif, {sample_coast}/global_15s.nc, junk.tif]
      - provider: raster
        name: tiles
        glob: none/*.tif
""")
        process = topobathy("validate", path)
        assert process.returncode == 3
        assert process.stderr.splitlines() == [
            f"{path}:7:15: step 'base': cannot read '{tmp_path}/a.tif': no such file",
            f"{path}:7:15: step 'base': cannot read '{tmp_path}/junk.tif': no GDAL raster driver recognises it; "
                "it is damaged, cut short, or no raster",
            f"{path}:10:15: step 'tiles': no file matches glob 'none/*.tif' below '{tmp_path}'",
        ]
        assert process.stdout.splitlines()[0] == f"{path}: not valid, 3 errors"
        assert "  base   raster    overwrite  1 of 3  2 errors" in process.stdout.splitlines()
        assert topobathy("validate", "--no-files", path).returncode == 0

    def test_sources_that_may_be_skipped_are_warnings(self, topobathy, write_policy, tmp_path):
        path = write_policy(policies.policy([policies.raster_step("a.tif", name="a", on_error="skip")], extent=self.EXTENT))
        process = topobathy("validate", path)
        assert process.returncode == 0
        assert re.fullmatch(re.escape(path) + r":\d+:\d+: warning: step 'a': cannot read '"
                            + re.escape(str(tmp_path)) + r"/a.tif': no such file\n", process.stderr)
        assert topobathy("validate", "--quiet", path).stderr == ""

    @pytest.mark.parametrize("key, value, line", [
        ("crs", "EPSG:99999", 2),
        ("vertical_crs", "EPSG:4326", 2),
    ])
    def test_crs_must_be_known(self, topobathy, sample_coast, write_policy, key, value, line):
        path = write_policy(f"name: x\n{key}: {value}\nextent: {self.EXTENT}\nvariables:\n  - steps:\n"
                            f"      - provider: raster\n        path: {sample_coast}/global_15s.nc\n")
        process = topobathy("validate", path)
        assert process.returncode == 3
        assert process.stderr.startswith(f"{path}:{line}:{len(key) + 3}: '{value}' is not a ")
        # Opening says the same.
        opened = topobathy("explain", path, -70.75, 43)
        assert opened.returncode == 3
        assert opened.stderr == process.stderr

    def test_heights_that_nothing_can_convert_are_an_error(self, topobathy, sample_coast, write_policy):
        step = policies.raster_step(sample_coast / "global_15s.nc", name="base", vertical_crs="EPSG:5866")
        path = write_policy(policies.policy([step], vertical_crs="EPSG:5703", extent=self.EXTENT))
        process = topobathy("validate", path)
        assert process.returncode == 3
        assert ("step 'base': heights cannot be brought from 'EPSG:5866' (MLLW) to 'EPSG:5703' (NAVD88): "
                in process.stderr)

    @pytest.mark.parametrize("changes, warning", [
        ({"vertical_crs": "EPSG:5866"}, "heights stay in 'EPSG:5866': the policy states no vertical_crs to bring them to"),
        ({"zone": [10, 10, 11, 11]}, "can never be seen: its zone lies outside the extent"),
        ({"filter": {"include_patterns": "H1*"}},
         "the filter leaves none of the 1 files: look at include_patterns and exclude_patterns"),
        ({"crs": "+proj=longlat +ellps=clrk66"},
         "no datum shift is known or installed, positions may be metres off (PROJ: "),
    ], ids=["heights", "zone", "filter", "ballpark"])
    def test_warns_of_what_works_but_may_surprise(self, topobathy, sample_coast, write_policy, changes, warning):
        step = policies.raster_step(sample_coast / "global_15s.nc", name="base", **changes)
        process = topobathy("validate", write_policy(policies.policy([step], extent=self.EXTENT)))
        assert process.returncode == 0
        assert ": warning: step 'base': " in process.stderr and warning in process.stderr

    @pytest.mark.parametrize("own, told", [
        ({}, {"mllw", "msl"}),
        ({"vertical_crs": "EPSG:5703"}, set()),
        ({"vertical": "assume"}, set()),
    ], ids=["the files' own", "the step's", "assumed"])
    def test_tells_files_whose_heights_cannot_be_had(self, topobathy, write_policy, tmp_path, own, told):
        for name, heights in {"mllw": "+5866", "msl": "+5714", "navd": "+5703", "feet": "+6360", "none": ""}.items():
            write_raster(tmp_path / f"{name}.tif", "EPSG:26919" + heights)
        step = policies.raster_step(sorted(tmp_path.glob("*.tif")), name="base", **own)
        path = write_policy(policies.policy([step], vertical_crs="EPSG:5703", extent=self.EXTENT))
        process = topobathy("validate", path)
        found = re.findall(r"step 'base': cannot place '.*?': '.*?(\w+)\.tif': .*TOPOBATHY_VDATUM_DIR", process.stderr)
        assert set(found) == told
        assert process.returncode == (3 if told else 0)

    def test_a_policy_that_claims_no_heights_is_not_warned_of_them(self, topobathy, write_policy, tmp_path):
        write_raster(tmp_path / "a.tif", "EPSG:26919+5866")
        step = policies.raster_step(tmp_path / "a.tif", name="base")
        process = topobathy("validate", write_policy(policies.policy([step], extent=self.EXTENT)))
        assert "heights" not in process.stderr

    def test_warns_of_steps_that_cannot_be_seen(self, topobathy, sample_coast, write_policy):
        base = policies.raster_step(sample_coast / "global_15s.nc", name="base")
        top = policies.raster_step(sample_coast / "2022_shore_lidar_dem_2m.tif", name="top", background=0)
        process = topobathy("validate", write_policy(policies.policy([base, top], extent=self.EXTENT)))
        assert "step 'base': can never be seen: step 'top' above it has a background and so covers it everywhere" in process.stderr

        process = topobathy("validate", write_policy(policies.policy([base], extent=[10, 10, 11, 11])))
        assert "step 'base': can never be seen: none of its sources meets the extent" in process.stderr

    def test_a_crs_that_is_assumed_is_told(self, topobathy, write_policy, tmp_path):
        xarray = needed.module("xarray")
        file = tmp_path / "degrees.nc"
        axes = {"lat": ("lat", [42.9, 43.0, 43.1], {"units": "degrees_north", "standard_name": "latitude"}),
                "lon": ("lon", [-70.8, -70.7, -70.6], {"units": "degrees_east", "standard_name": "longitude"})}
        xarray.Dataset({"z": (("lat", "lon"), [[1.0, 2, 3]] * 3)}, coords=axes).to_netcdf(file)
        process = topobathy("validate", write_policy(policies.policy([policies.raster_step(file, name="base")])))
        assert process.returncode == 0
        assert (f"warning: step 'base': no CRS in '{file}': EPSG:4326 is assumed, as the axes are in degrees; "
                "state it with crs\n") in process.stderr

    def test_json(self, topobathy, sample_coast, write_policy):
        bad = write_policy(policies.policy([policies.raster_step(["a.tif", sample_coast / "global_15s.nc"], name="base")],
                                           extent=self.EXTENT))
        process = topobathy("validate", "--json", COAST, bad)
        assert process.returncode == 3
        report = json.loads(process.stdout)
        assert report["format"] == 1
        good, wrong = report["policies"]
        assert good["valid"] is True and good["findings"] == []
        assert good["grid"] == {"crs": "EPSG:4326", "pixel_size": 0.05 / 557, "width": 1120, "height": 904, "overview_levels": 3}
        assert [step["files_readable"] for step in good["steps"]] == [1, 1, 2, 1, 2, 1]
        assert wrong["valid"] is False
        (step,) = wrong["steps"]
        assert (step["name"], step["provider"], step["operator"]) == ("base", "raster", "overwrite")
        assert (step["files_named"], step["files_readable"]) == (2, 1)
        (finding,) = step["findings"]
        assert finding["severity"] == "error" and finding["file"] == bad and finding["line"] > 0
        assert finding["message"].endswith("/a.tif': no such file")

    def test_json_of_a_text_that_is_no_policy(self, topobathy, write_policy):
        process = topobathy("validate", "--json", write_policy("a: 1\n"))
        (policy,) = json.loads(process.stdout)["policies"]
        assert (policy["valid"], policy["hash"], policy["grid"], policy["steps"]) == (False, None, None, [])
        assert len(policy["findings"]) == 1

    def test_the_worst_status_counts(self, topobathy, sample_coast, write_policy):
        wrong = write_policy("name: x\n")
        assert topobathy("validate", wrong, "no.yaml", COAST).returncode == 3
        assert topobathy("validate", COAST, "no.yaml").returncode == 1

    def test_published_policies_are_right(self, topobathy):
        published = sorted((places.ROOT / "autotest" / "data" / "policies" / "published").iterdir())
        process = topobathy("validate", "--no-files", "--quiet", *published)
        assert (process.returncode, process.stderr) == (0, "")
