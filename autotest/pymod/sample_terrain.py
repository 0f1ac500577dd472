"""The made-up ground under the sample coast: land, sea, an estuary and islands near Portsmouth, New Hampshire.

Every source of the sample samples this one surface, so differences between them are only what the generator adds.
Pixels must come out the same on any machine, therefore: random bits from PCG64's raw stream (guaranteed stable, unlike
the distributions of numpy's Generator), and only + - * / on them, which IEEE 754 fixes (sin, exp and pow differ between
builds of numpy).
"""

import concurrent.futures

import numpy as np

CENTRE_LON, CENTRE_LAT = -70.75, 43.0
KM_PER_DEGREE_LON, KM_PER_DEGREE_LAT = 81.5, 111.1  # at 43 N; the sample needs a shape, not a projection

KNOTS = 256  # the noise repeats after so many wavelengths; a power of two
# Makes B-spline noise of uniform [-1, 1] knots have a standard deviation of about 1.
NOISE_GAIN = 3.6


class SplineNoise:
    """Smooth random field of one wavelength: a cubic B-spline over random knots, periodic."""

    def __init__(self, seed, wavelength_km):
        raw = np.random.PCG64(seed).random_raw(KNOTS * KNOTS)
        uniform = (raw >> np.uint64(11)).astype(np.float64) * 2.0**-53
        self._knots = ((uniform * 2.0 - 1.0) * NOISE_GAIN).reshape(KNOTS, KNOTS)
        self._flat = self._knots.ravel()
        self._frequency = 1.0 / wavelength_km

    def _taps(self, coordinate):
        """Four knot indices and their weights for each coordinate (km)."""
        position = coordinate * self._frequency
        first = np.floor(position)
        t = position - first
        u = 1.0 - t
        weights = (
            u * u * u / 6.0,
            (3.0 * t * t * t - 6.0 * t * t + 4.0) / 6.0,
            (3.0 * u * u * u - 6.0 * u * u + 4.0) / 6.0,
            t * t * t / 6.0,
        )
        index = first.astype(np.int32)
        return [((index + (k - 1)) & (KNOTS - 1), weights[k]) for k in range(4)]

    def __call__(self, x, y):
        """Values at x, y (km): a row and a column vector (a grid, quick) or two planes of the same shape."""
        if x.shape != y.shape:
            return self._grid(x.ravel(), y.ravel())
        total = np.zeros(x.shape)
        columns = self._taps(x)
        for row, row_weight in self._taps(y):
            line = np.zeros(x.shape)
            for column, weight in columns:
                line += weight * np.take(self._flat, row * KNOTS + column)
            total += row_weight * line
        return total

    def _grid(self, x, y):
        rows = np.zeros((y.size, KNOTS))
        for row, weight in self._taps(y):
            rows += weight[:, None] * self._knots[row]
        total = np.zeros((y.size, x.size))
        for column, weight in self._taps(x):
            term = np.take(rows, column, axis=1)
            term *= weight
            total += term
        return total


class Fractal:
    """Octaves of SplineNoise: each half the wavelength and `roughness` times the amplitude of the one before."""

    def __init__(self, seed, wavelength_km, octaves, roughness=0.5):
        self._octaves = []
        amplitude = 1.0
        for octave in range(octaves):
            self._octaves.append((amplitude, SplineNoise(seed + octave, wavelength_km / 2.0**octave)))
            amplitude *= roughness

    def __call__(self, x, y):
        total = 0.0
        for amplitude, noise in self._octaves:
            total = total + amplitude * noise(x, y)
        return total


def smooth_step(low, high, value):
    t = np.clip((value - low) / (high - low), 0.0, 1.0)
    return t * t * (3.0 - 2.0 * t)


def smooth_min(a, b, width):
    """The lower of two surfaces, their crease rounded over `width`."""
    h = np.maximum(width - np.abs(a - b), 0.0) / width
    return np.minimum(a, b) - h * h * width * 0.25


def _by_rows(function, lon, lat):
    """function(lon, lat) in bands of rows: planes that fit the processor's cache, on two threads."""
    rows = max(1, 65536 // lon.shape[1])
    starts = range(0, lat.shape[0], rows)
    same_shape = lon.shape == lat.shape
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        bands = pool.map(lambda r: function(lon[r:r + rows] if same_shape else lon, lat[r:r + rows]), starts)
        return np.concatenate(list(bands))


# Islands and shoals off the coast: x, y (km from the centre), radius (km), height added to the sea floor (m).
ISLANDS = (
    (1.62, 1.42, 0.62, 27.0),
    (2.18, 0.92, 0.36, 24.0),
    (2.92, 2.52, 0.48, 33.0),
    (0.98, -2.75, 0.30, 15.0),
    (2.55, -1.55, 0.80, 17.0),
    (3.35, -3.10, 0.45, 28.0),
)


class Terrain:
    """Elevation in metres, up positive, of any point near the centre."""

    def __init__(self):
        self._coast = Fractal(100, 2.4, 7, 0.58)
        self._hills = Fractal(200, 1.3, 5, 0.56)
        self._texture = Fractal(300, 0.18, 5, 0.56)
        self._ledges = Fractal(400, 0.5, 5, 0.6)
        self._meander = Fractal(500, 1.9, 4, 0.5)
        self._banks_edge = Fractal(700, 1.2, 5, 0.58)
        self._outline = Fractal(800, 0.5, 3, 0.6)
        self._patches = Fractal(600, 1.1, 3, 0.5)

    def at(self, lon, lat, fine=True):
        """lon (1, n) and lat (m, 1) for a grid, or two planes; degrees. `fine=False` leaves out what a 15 arc-second
        product cannot show."""
        return _by_rows(lambda lon, lat: self._at(lon, lat, fine), lon, lat)

    def _at(self, lon, lat, fine):
        x = (lon - CENTRE_LON) * KM_PER_DEGREE_LON
        y = (lat - CENTRE_LAT) * KM_PER_DEGREE_LAT
        z = self._open_coast(x, y)
        z = self._islands(x, y, z)
        z = self._estuary(x, y, z)
        if fine:
            z = z + self._detail(x, y, z)
        return z

    def patches(self, lon, lat):
        """A slow random field (standard deviation about 1) that cuts survey outlines, holes and contributor areas."""
        return _by_rows(lambda lon, lat: self._patches((lon - CENTRE_LON) * KM_PER_DEGREE_LON,
                                                       (lat - CENTRE_LAT) * KM_PER_DEGREE_LAT), lon, lat)

    def _open_coast(self, x, y):
        offshore = x + 0.75 - 0.10 * y + 0.30 * self._coast(x, y)  # km seaward of the shore line
        sea = np.maximum(offshore, 0.0)
        land = np.maximum(-offshore, 0.0)
        profile = 15.0 * land / (1.0 + 0.28 * land) - 12.0 * sea / (1.0 + 0.16 * sea)
        relief = 0.9 + 7.0 * smooth_step(0.1, 1.6, land) + 1.5 * smooth_step(0.3, 2.5, sea)
        # Bare ledges stand out of a sandy floor: only the upper part of a field is kept.
        rock = np.maximum(self._ledges(x, y) - 0.35, 0.0)
        return profile + relief * self._hills(x, y) + 4.5 * smooth_step(0.1, 1.0, sea) * rock / (1.0 + 0.35 * rock)

    def _islands(self, x, y, z):
        wobble = np.maximum(1.0 + 0.30 * self._outline(x, y), 0.5)
        for centre_x, centre_y, radius, height in ISLANDS:
            dx, dy = x - centre_x, (y - centre_y) * 0.72
            t = np.minimum((dx * dx + dy * dy) / (radius * radius) * wobble, 1.0)
            z = z + height * (1.0 - t) * (1.0 - t)
        return z

    def _estuary(self, x, y, z):
        """A river from the west to the sea with a tidal bay, marshes, and a creek from the north."""
        one = np.zeros_like(y)
        middle = -1.2 + 0.36 * self._meander(x, one + 7.3)
        width = 0.13 + 0.11 * smooth_step(-2.2, 0.2, x) + 0.30 * self._bump(x, -2.75, 0.85)
        river = np.abs(y - middle) / width
        creek_middle = -2.45 + 0.06 * y + 0.30 * self._meander(np.zeros_like(x) + 3.1, 1.9 * y)
        creek_width = 0.02 + 0.05 * smooth_step(3.5, -0.5, y)
        creek = np.abs(x - creek_middle) / creek_width + 30.0 * np.maximum(middle - y, 0.0)
        edge = self._banks_edge(x, y)
        river = river * (1.0 + 0.10 * edge) + 0.5 * np.maximum(edge, 0.0) * smooth_step(1.0, 2.0, river)
        creek = creek * (1.0 + 0.15 * edge)
        river = river + 8.0 * smooth_step(2.6, 4.2, x)  # the drowned channel fades out offshore
        z = smooth_min(z, self._banks(river, 15.0 + 3.0 * smooth_step(-3.5, 0.5, x)), 2.5)
        return smooth_min(z, self._banks(creek, 3.0), 1.5)

    @staticmethod
    def _bump(value, centre, radius):
        t = np.minimum(np.abs(value - centre) / radius, 1.0)
        return (1.0 - t * t) * (1.0 - t * t)

    @staticmethod
    def _banks(distance, depth):
        """Bed across a channel (distance 1 = bank): a parabola, then tidal flats and marsh, then no limit."""
        inside = np.minimum(distance, 1.0)
        flats = np.clip(distance - 1.0, 0.0, 1.0)
        hillside = np.maximum(distance - 2.2, 0.0)
        return depth * (inside * inside - 1.0) - 0.4 + 1.6 * flats + 2.2 * hillside * hillside

    def _detail(self, x, y, z):
        # Rough rock and woods, smooth marsh, beach and mud: the calm zone is around the tide line.
        rough = 0.12 + 0.75 * smooth_step(1.5, 9.0, z) + 0.45 * smooth_step(-2.0, -12.0, z)
        return rough * self._texture(x, y)
