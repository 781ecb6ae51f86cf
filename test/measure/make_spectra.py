"""Radial power spectra of small pictures by numpy: spectra.json beside this.

python test/measure/make_spectra.py
"""
import json
from pathlib import Path

import numpy as np

rng = np.random.default_rng(3)


def spectrum(values):
    height, width = values.shape
    hann = lambda n: 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(n) / n)
    window = np.outer(hann(height), hann(width))
    power = np.abs(np.fft.fft2((values - values.mean()) * window)) ** 2 / (window**2).sum()
    u, v = np.fft.fftfreq(width)[None, :], np.fft.fftfreq(height)[:, None]
    side = min(height, width)
    ring = np.floor(np.sqrt(u * u + v * v) * side + 0.5).astype(int)
    return [float(power[ring == k].mean()) for k in range(1, side // 2 + 1)]


def case(width, height):
    rgb = rng.integers(0, 256, (height, width, 3), dtype=np.uint8)
    # Coarse more than fine, as pictures are.
    rgb[..., 1] = (np.arange(width)[None, :] * 7 + np.arange(height)[:, None] * 3) % 256
    luma = (0.2126 * rgb[..., 0] + 0.7152 * rgb[..., 1] + 0.0722 * rgb[..., 2]) / 255
    power = spectrum(luma.astype(np.float64))
    frequencies = np.arange(1, len(power) + 1) / min(width, height)
    slope = np.polyfit(np.log(frequencies), np.log(power), 1)[0] if len(power) > 1 else None
    return {
        "width": width,
        "height": height,
        "rgb": rgb.reshape(-1).tolist(),
        "power": power,
        "slope": slope,
    }


sizes = [(16, 16), (32, 8), (12, 20), (7, 5), (15, 14), (2, 3), (9, 1), (31, 33)]
path = Path(__file__).with_name("spectra.json")
path.write_text(json.dumps([case(*size) for size in sizes]) + "\n")
