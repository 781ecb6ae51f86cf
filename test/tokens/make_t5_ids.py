# Writes t5-ids.json: prompts, and the ids that transformers' T5TokenizerFast gives them with the vocabulary of media/t5.
# Run once from the repository's root with transformers 4.57.6 and tokenizers 0.22.2.
import json
import struct
import tempfile
from pathlib import Path

from transformers import T5TokenizerFast

HERE = Path(__file__).parent
MEDIA = HERE.parent.parent / "media/t5/tokenizer.json"

PROMPTS = [
    "", " ", "a", "  a  b  ", "a photo of a cat", "a red hot air balloon over snowy mountains behind a calm lake at dawn",
    "blurry, ugly, duplicated objects, poorly drawn, deformed, mosaic, bad hands", "It's 3 o'clock; don't (ever) [weight:1.5] {x|y}",
    "naïve café", "cafe\u0301 a\u0308\u0304", "ﬁne ① ½ ㎏ Ａ～B ~", "Ǆ ſ K Å Ω ﬀ ™ … ‼ ²³", "日本語の風景", "Привет мир", "한국어 각", "هذا نص", "हिन्दी क्षि",
    "🙂👍🏽 👨‍👩‍👧‍👦 🇩🇪", "a\n\nb\tc\r\nd", "x\u00a0y\u2003z\u200bw\ufeffv\u2028u\u3000t", "x\u0001\u0007\u007f\u0085y", "\u0085", "a \u0085", "▁under▁score", "\u0000null",
    "</s> hello <extra_id_0> x<extra_id_3>y <pad><unk> z", "\u00a0<extra_id_7>\u2003word", "a</s>b", "＜/s＞", "www.example.com/path?x=1&y=2",
    "Donaudampfschifffahrtsgesellschaftskapitän", "internațional și prietenă", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "tttsssiineoa nsoeit oien",
    "''``“”‘’«» –—―", " ".join(["lake"] * 300),
]


def tokenizer():
    """The file with all that the reference wants to read, and its scores as the float32 that they stand for."""
    tok = json.loads(MEDIA.read_text())
    exact = lambda score: struct.unpack("f", struct.pack("f", score))[0]
    tok["model"]["vocab"] = [[piece, exact(score)] for piece, score in tok["model"]["vocab"]]
    tok["added_tokens"] = [{**token, "single_word": False, "special": True} for token in tok["added_tokens"]]
    end = [{"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "</s>", "type_id": 0}}]
    special = {"</s>": {"id": "</s>", "ids": [1], "tokens": ["</s>"]}}
    template = {"type": "TemplateProcessing", "single": end, "pair": end, "special_tokens": special}
    whole = {"version": "1.0", "truncation": None, "padding": None, **tok, "post_processor": template, "decoder": None}
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(whole, file)
        file.flush()
        return T5TokenizerFast(tokenizer_file=file.name)


tok = tokenizer()
ids = [tok(text, max_length=256, truncation=True).input_ids for text in PROMPTS]
lines = [json.dumps([text, of], ensure_ascii=True) for text, of in zip(PROMPTS, ids)]
(HERE / "t5-ids.json").write_text("[\n" + ",\n".join(lines) + "\n]\n")
