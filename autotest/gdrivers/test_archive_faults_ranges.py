"""Windows of files in an archive: whatever becomes of a range, its pixels are right or the read fails. Nothing in the file
has to notice: blocks may be stored as they are."""

import pytest

import fault_files
from fault_matrix import OF_RANGES, Matrix

LAYOUTS = {
    "stored blocks": ["BLOCKXSIZE=256", "BLOCKYSIZE=256"],
    "stored strips": ["TILED=NO", "BLOCKYSIZE=128"],
    "LZW": ["BLOCKXSIZE=256", "BLOCKYSIZE=256", "COMPRESS=LZW", "PREDICTOR=2"],
}
# As many bytes, and wrong: TLS is there to rule that out, a block that is stored as it is cannot tell.
TOLD = {kind for kind in OF_RANGES if kind != "garbage"}


def try_all(mother, case, body):
    matrix = Matrix(mother, prepare=lambda server: server.put(fault_files.URL, body, etag='"first"'))
    try:
        complaints, outcomes = matrix.run(case, sorted(TOLD), share=4)
    finally:
        matrix.close()
    assert not complaints, f"{len(complaints)} of {sum(outcomes.values())}:\n" + "\n".join(complaints)
    assert outcomes["error"]


@pytest.mark.parametrize("options", LAYOUTS.values(), ids=LAYOUTS)
def test_a_range_that_fails_is_an_error(archive_server, mother, options):
    try_all(mother, fault_files.NORTH, fault_files.tile(100.0, *options))


def test_an_index_of_blocks_that_cannot_be_read_is_no_empty_raster(archive_server, mother):
    body = fault_files.tile(100.0, "BLOCKXSIZE=64", "BLOCKYSIZE=64", "COMPRESS=DEFLATE", side=3600)
    try_all(mother, fault_files.SOUTH, body)
