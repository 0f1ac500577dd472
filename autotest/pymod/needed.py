"""What a test cannot do without: missing, it fails, or is skipped where TOPOBATHY_SKIP_MISSING=YES (for packagers)."""

import importlib
import os

import pytest


def missing(what):
    """Ends the test, which needs `what`."""
    message = f"{what}, or set TOPOBATHY_SKIP_MISSING=YES to test without"
    if os.environ.get("TOPOBATHY_SKIP_MISSING") == "YES":
        pytest.skip(message, allow_module_level=True)
    pytest.fail(message, pytrace=False)


def module(name):
    """The imported module."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        return missing(f"the Python module {name} is missing ({error}): install the packages of cmake/debian-packages.txt")


def folder(path):
    """The folder of real data `path`."""
    if not path.is_dir():
        missing(f"{path} is missing: put the real data there or name its folder in TOPOBATHY_SHARED_DATA (see docs/developer.md, Real data)")
    return path
