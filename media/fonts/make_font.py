"""Writes dejavu-sans.json: the letters of DejaVu Sans as small grey pictures, for the captions of contact sheets.

python make_font.py DejaVuSans.ttf DejaVuSans-Bold.ttf   (needs Pillow)

A face is {size, ascent, height, glyphs, alpha}. `glyphs` has for each character its code point and five numbers: how far the
next one is, where its picture begins (x from the pen, y from the top of the line), the picture's width and height. `alpha` holds
the pictures one after the other, a byte a pixel, deflated, in base64.
"""

import base64
import json
import pathlib
import sys
import zlib

from PIL import Image, ImageDraw, ImageFont

RANGES = [(0x20, 0x7E), (0xA0, 0x17F), (0x384, 0x3CE), (0x400, 0x45F)]
OTHERS = "–—‘’“”…•×÷·−→←≈≤≥∞√✓ᾱ²³□"


def face(path, size):
    font = ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)
    ascent, descent = font.getmetrics()
    codes = [code for first, last in RANGES for code in range(first, last + 1)]
    codes = sorted(set(codes) | {ord(letter) for letter in OTHERS})
    missing = font.getmask("\U0010fffe").getbbox(), bytes(font.getmask("\U0010fffe"))
    glyphs, alpha = [], b""
    for code in codes:
        letter = chr(code)
        mask = font.getmask(letter)
        if (mask.getbbox(), bytes(mask)) == missing:
            continue
        left, top, right, bottom = font.getbbox(letter)
        picture = Image.new("L", (max(0, right - left), max(0, bottom - top)))
        if picture.width and picture.height:
            ImageDraw.Draw(picture).text((-left, -top), letter, font=font, fill=255)
            alpha += picture.tobytes()
        else:
            picture = Image.new("L", (0, 0))
        glyphs.append([code, round(font.getlength(letter)), left, top, picture.width, picture.height])
    return {
        "size": size,
        "ascent": ascent,
        "height": ascent + descent,
        "glyphs": glyphs,
        "alpha": base64.b64encode(zlib.compress(alpha, 9)).decode(),
    }


regular, bold = sys.argv[1:]
faces = {"regular": face(regular, 14), "bold": face(bold, 17)}
target = pathlib.Path(__file__).with_name("dejavu-sans.json")
target.write_text(json.dumps(faces, separators=(",", ":")) + "\n")
print(target.stat().st_size, "bytes,", [len(one["glyphs"]) for one in faces.values()])
