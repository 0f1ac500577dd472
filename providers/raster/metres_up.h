#pragma once

class GDALRasterBand;

namespace topobathy {

/// What one of a band's numbers (scale and offset applied) is in metres, upwards: negative for
/// depths. Only what the band states counts: its unit (a unit that means no length, or none, is
/// taken for metres), and `positive` or `standard_name` of the CF conventions. The axis of a
/// compound CRS does not: BAGs say "depth" there and hold elevations.
double metres_up(GDALRasterBand& band);

}  // namespace topobathy
