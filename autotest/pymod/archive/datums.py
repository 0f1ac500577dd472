"""Surfaces between vertical datums over the sample coast. Linear in degrees, so that any grid of them is exact everywhere."""


def geoid(lon, lat):
    """NAVD88's zero above the ellipsoid of NAD83(2011), metres: us_noaa_g2018u0.tif of the loopback."""
    return -27.0 + 0.5 * (lon + 70.75) + 0.25 * (lat - 43.0)


def egm2008(lon, lat):
    """EGM2008's zero above the ellipsoid of WGS 84: us_nga_egm08_25.tif of the loopback."""
    return -27.4 + 0.4 * (lon + 70.75) + 0.2 * (lat - 43.0)


def separation(lon, lat):
    """How far mean lower low water lies below NAVD88's zero: z_MLLW = z_NAVD88 + separation."""
    return 1.5 + 0.1 * (lon + 70.75) - 0.2 * (lat - 43.0)


def sea_level(lon, lat):
    """NAVD88's zero above local mean sea level (`tss` of VDatum)."""
    return 0.09 + 0.02 * (lon + 70.75) + 0.01 * (lat - 43.0)
