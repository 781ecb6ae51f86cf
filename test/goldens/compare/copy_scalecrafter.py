# Copies of ScaleCrafter's goldens what the tests read. Run once with the folder that holds all of them:
# python copy_scalecrafter.py FOLDER. The tests never call Python.
import json
import sys
from pathlib import Path

from safetensors.numpy import load_file, save_file

HERE = Path(__file__).parent
SOURCE = Path(sys.argv[1])
KEYS = (
    "model prompt negative seed height width base steps_total guidance eta dilate_tau ndcfg_tau inflate_tau "
    "progressive freeu dilate ndcfg_dilate disperse timesteps source note"
).split()

for path in sorted(SOURCE.glob("golden-scalecrafter-*.safetensors")):
    name = path.stem.removeprefix("golden-")
    tensors = load_file(path)
    described = json.loads(path.with_suffix(".json").read_text())
    if name != "scalecrafter-parts":
        # Where kernels are dispersed, the published code makes new layers, whose initial weights take random numbers.
        drawn = name.endswith("disperse")
        kept = lambda key: key.endswith(".latents") or (drawn and key.startswith("draw"))
        tensors = {key: value for key, value in tensors.items() if kept(key)}
        described = {key: described[key] for key in KEYS}
    save_file(tensors, HERE / f"{name}.safetensors")
    (HERE / f"{name}.json").write_text(json.dumps(described) + "\n")
