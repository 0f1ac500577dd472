"""Signatures of the Planetary Computer's blobs are nowhere but in requests: not in files, messages, tables or metadata."""

import dataclasses
import re

import pytest

from fault_cases import CASES

SIGNED = {name: CASES[name] for name in ("usgs_3dep_stac", "nasadem_stac", "usgs_lidar_copc")}
SIGNED["copernicus_dsm_stac"] = dataclasses.replace(CASES["copernicus_dsm"], step={"provider": "copernicus_dsm", "product": "stac"})
BAD_DAYS = {"none": None, "500": {"kind": "status", "status": 500}, "403": {"kind": "status", "status": 403},
            "expired": {"kind": "expired"}, "cut": {"kind": "cut"}, "garbage": {"kind": "garbage"}, "drop": {"kind": "drop"},
            "redirect": {"kind": "redirect", "to": "https://elsewhere.example/file.tif?sig=ANOTHERSECRET&sv=1"}}


def secrets_of(archive):
    """All signatures that were given out, and what marks one."""
    return {value for entry in archive.log.find("sig=") for value in re.findall(r"sig=([^&]+)", entry.query)} | {"sig=", "ANOTHERSECRET"}


@pytest.mark.parametrize("fault", BAD_DAYS.values(), ids=BAD_DAYS)
@pytest.mark.parametrize("case", SIGNED.values(), ids=SIGNED)
def test_signatures_are_kept_nowhere(archive, first_read, tmp_path, case, fault):
    if fault:
        archive.faults.add(r"blob\.core\.windows\.net/.*sig=", **fault)
    reading = first_read(case)
    assert bool(reading.error) == bool(fault), reading.error
    secrets = secrets_of(archive)
    assert len(secrets) > 2, archive.log.text()
    said = "\n".join([reading.error, *reading.warnings, *reading.texts])
    assert not [secret for secret in secrets if secret in said], said
    for path in tmp_path.rglob("*"):
        assert not [secret for secret in secrets if secret in path.name]
        if path.is_file():
            content = path.read_bytes()
            assert not [secret for secret in secrets if secret.encode() in content], path
