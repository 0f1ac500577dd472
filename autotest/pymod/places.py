"""Where things are. TOPOBATHY_BUILD_DIR chooses another build tree, TOPOBATHY_SHARED_DATA other real data, TOPOBATHY_ARCHIVE_DIR
where the content of the archives on loopback is made."""

import os
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("TOPOBATHY_BUILD_DIR", ROOT / "build"))
PLUGIN_FOLDER = BUILD / "gdalplugins"
PROGRAM = BUILD / "bin" / "topobathy"
EXAMPLES = ROOT / "docs" / "examples"
SAMPLE_COAST = EXAMPLES / "sample_coast"
ARCHIVE = pathlib.Path(os.environ.get("TOPOBATHY_ARCHIVE_DIR", BUILD / "archive"))  # what the archives on loopback hold (pymod/archive), made when it is missing
SHARED_DATA = pathlib.Path(os.environ.get("TOPOBATHY_SHARED_DATA", ROOT.parent / "shared" / "data"))
