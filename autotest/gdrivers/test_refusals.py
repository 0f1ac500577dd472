"""What the driver refuses, before what it can: one clear error for what is ours and wrong, silence for what is not ours."""

import pathlib

import coast
import places
import policies
import pytest
import yaml
from osgeo import gdal


class Errors:
    """The failures (not warnings) that GDAL reports while it lives."""

    def __enter__(self):
        self.failures = []
        gdal.PushErrorHandler(self._note)
        gdal.DontUseExceptions()
        return self

    def __exit__(self, *_):
        gdal.UseExceptions()
        gdal.PopErrorHandler()

    def _note(self, severity, _number, message):
        if severity >= gdal.CE_Failure:
            self.failures.append(message)


def refusal(name, flags=gdal.OF_RASTER | gdal.OF_VERBOSE_ERROR, options=()):
    """The one message with which opening fails."""
    with Errors() as errors:
        dataset = gdal.OpenEx(str(name), flags, open_options=list(options))
    assert dataset is None
    assert len(errors.failures) == 1, errors.failures
    return errors.failures[0]


@pytest.fixture
def two_files(tmp_path):
    return coast.make(tmp_path)


def test_update_mode_is_refused(two_files):
    message = refusal(two_files.policy, gdal.OF_RASTER | gdal.OF_UPDATE)
    assert "does not support update access" in message


@pytest.mark.parametrize("option, message", [
    ("RESOLUTON=10", "Unknown open option RESOLUTON; did you mean RESOLUTION?"),
    ("RESOLUTION=fine", "Open option RESOLUTION=fine: not a number"),
    ("CACHE=NO", "Open option CACHE=NO: not a choice; give one of READ_WRITE, READ_ONLY, OFF"),
    ("BANDS=Elevaton", 'Open option BANDS=Elevaton: no band is called "Elevaton"; did you mean Elevation?'),
    ("BBOX=1,2,3", "Open option BBOX=1,2,3: give four numbers: west,south,east,north"),
])
def test_wrong_options_are_refused_in_both_places(two_files, option, message):
    assert refusal(two_files.policy, options=[option]) == message
    assert refusal(f"TOPOBATHY:{two_files.policy}?{option}") == message


def test_options_that_contradict_the_connection_string_are_refused(two_files):
    message = refusal(f"TOPOBATHY:{two_files.policy}?resolution=10", options=["RESOLUTION=20"])
    assert message == "Option RESOLUTION is 10 in the connection string and 20 in the open options; give it once"


def test_missing_policy_is_named(tmp_path):
    assert "nothing.yaml" in refusal(f"TOPOBATHY:{tmp_path}/nothing.yaml")


def test_policy_errors_carry_file_line_and_column(write_policy):
    path = write_policy("name: x\ncrs: EPSG:4326\nresolution: 30\nvariables:\n  - name: elevation\n    stesp: []\n")
    message = refusal(f"TOPOBATHY:{path}")
    assert message.startswith(f"{path}:6:5: ")
    assert "steps" in message


def test_inline_policies_can_be_switched_off(two_files):
    text = pathlib.Path(two_files.policy).read_text(encoding="utf-8")
    gdal.SetConfigOption("TOPOBATHY_ALLOW_INLINE", "NO")
    try:
        assert "switched off" in refusal("TOPOBATHY:\n" + text)
        assert gdal.Open(two_files.policy) is not None
    finally:
        gdal.SetConfigOption("TOPOBATHY_ALLOW_INLINE", None)


FOREIGN = [
    "name: CI\non: [push]\njobs:\n  build:\n    runs-on: ubuntu-latest\n",
    "version: '3'\nservices:\n  web: {image: nginx}\n",
    "name: env\nchannels: [conda-forge]\ndependencies: [gdal]\n",
    "variables:\n  - name: elevation\n",
    "- a\n- b\n", "", "#\n", "{}", "name: x\n",
]


@pytest.mark.parametrize("text", FOREIGN)
def test_foreign_yaml_is_left_alone_without_a_word(tmp_path, text):
    path = tmp_path / "foreign.yaml"
    path.write_text(text, encoding="utf-8")
    with Errors() as errors:
        assert gdal.OpenEx(str(path), gdal.OF_RASTER, allowed_drivers=["TOPOBATHY"]) is None
    assert errors.failures == []


def is_policy_file(path):
    try:
        loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError):
        return False
    return isinstance(loaded, dict) and "variables" in loaded


def test_no_file_of_this_repository_but_policies_is_claimed(driver):
    texts = [path for folder in ("cmake", "docs", "utils", ".ci", "autotest/pymod", "driver")
             for path in (places.ROOT / folder).rglob("*") if path.is_file() and path.stat().st_size < 1_000_000]
    claimed = [path for path in texts if gdal.IdentifyDriverEx(str(path), gdal.OF_RASTER, ["TOPOBATHY"]) is not None]
    assert len(texts) > 50
    assert [path for path in claimed if not is_policy_file(path)] == []
    assert any(path.name == "sample_coast.yaml" for path in claimed)


def test_a_source_that_cannot_be_read_fails_the_read(two_files):
    pathlib.Path(two_files.survey).write_bytes(b"no raster at all")
    dataset = gdal.Open(two_files.name)
    with Errors() as errors:
        assert dataset.GetRasterBand(1).ReadAsArray() is None
    assert len(errors.failures) == 1
    assert "survey.tif" in errors.failures[0]


def test_a_lost_source_is_skipped_where_that_is_asked(two_files):
    pathlib.Path(two_files.survey).unlink()
    dataset = gdal.Open(two_files.name + "&ON_ERROR=SKIP")
    rows, columns = coast.SURVEY
    pixel = dataset.GetRasterBand(1).ReadAsArray(columns.start + 5, rows.start + 5, 1, 1)[0, 0]
    assert pixel == two_files.elevation[rows, columns][5, 5] - 1000.0
    steps = dataset.GetRasterBand(1).GetMetadataItem("Pixel_200_200", "LocationInfo")
    assert 'status="failed"' in steps and "survey.tif" in steps


def test_overviews_cannot_be_built(two_files):
    dataset = gdal.Open(two_files.policy)
    with Errors() as errors:
        assert dataset.BuildOverviews("AVERAGE", [2]) != gdal.CE_None
    assert errors.failures


def test_a_raster_too_large_for_gdal_is_refused(write_policy):
    path = write_policy(policies.policy([policies.raster_step("base.tif")], crs="EPSG:32619", resolution=30,
                                        extent=[-70.8, 42.9, -70.7, 43.0]))
    assert "pixels" in refusal(f"TOPOBATHY:{path}?RESOLUTION=0.000001")
