"""Cuts DemoFusion's recorded runs to what the tests compare: python copy_demofusion.py FOLDER_OF_THE_RECORDINGS.

The recordings are the published code's (PRIS-CV/DemoFusion at 5024487, torch 2.13, diffusers 0.42.1) on the tiny SDXL of
test/goldens/models, CPU, float32; with DDIM a no-op stands in for the scheduler's missing _init_step_index. Draws and
embeddings are left out, for the engine makes its own; raw network calls too, but for the time_ids of the first ones.
"""
import json, os, shutil, sys
from safetensors.torch import load_file, save_file

source, target = sys.argv[1], os.path.dirname(os.path.abspath(__file__))
kept = (".latents", ".upsampled", ".time_ids", ".views")
for name in ("2x", "3x", "wide", "odd", "2x-euler", "parts"):
    file = f"golden-demofusion-{name}"
    tensors = load_file(f"{source}/{file}.safetensors")
    if name != "parts":
        tensors = {k: v.float() for k, v in tensors.items() if k.endswith(kept)}
    save_file(tensors, f"{target}/demofusion-{name}.safetensors")
    facts = json.load(open(f"{source}/{file}.json"))
    facts = {k: v for k, v in facts.items() if k not in ("steps", "gaussian", "net_calls", "seconds", "scheduler_config")}
    json.dump(facts, open(f"{target}/demofusion-{name}.json", "w"))
for name in ("2x", "wide", "odd"):
    shutil.copyfile(f"{source}/golden-demofusion-{name}.01.png", f"{target}/demofusion-{name}.png")
