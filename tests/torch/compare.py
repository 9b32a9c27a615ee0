"""compare.py: the same weights here and in PyTorch must give the same logits.

    python3 -B tests/torch/compare.py build/cc-float-native

For every positional scheme and its conventions: a model that posgpt trained is read into the GPT
of gpt.py; then one that PyTorch made up is written, and read by posgpt twice: as a model to be
asked (with the metadata of the first) and as weights to train from (without). Logits agree to 1e-5
each time; PyTorch computes its own in double.

The argument is the folder of a build for float, with posgpt and tests/torch/logits in it. The exit
code is 77 where PyTorch is missing.
"""
import os
import random
import subprocess
import sys
import tempfile

try:
    import torch
except ImportError:
    sys.exit(77)

import tensorfile
from gpt import Gpt
from schemes import SCHEMES, Scheme

TOLERANCE = 1e-5
DISTINCT = 1e-2  # how far off logits are at least where a scheme is left out

# Sizes that are no powers of two. What a case says comes on top of these.
BLOCK_SIZE = 13
SETTINGS = {"n_layer": 2, "n_head": 3, "n_embd": 18, "block_size": BLOCK_SIZE, "bias": "yes",
            "batch_size": 4, "max_iters": 30, "learning_rate": 0.003, "warmup_iters": 3,
            "eval_interval": 1000, "sample_chars": 0, "threads": 1}
ODD = {"n_embd": 21, "bias": "no"}
BOTH_SIDES = {"causal": "no"}
CASES = [
    {"pos": "none"},
    {"pos": "none", **ODD, **BOTH_SIDES},
    {"pos": "learned"},
    {"pos": "learned", "learned_length": 20, **ODD},
    {"pos": "sinusoidal", **ODD},
    {"pos": "sinusoidal", "sinusoidal_gain": "fixed", "sinusoidal_rms": 0.3},
    {"pos": "sinusoidal", "sinusoidal_gain": "textbook", **BOTH_SIDES},
    {"pos": "relative", **ODD},
    {"pos": "relative", "relative_max_distance": 4, "relative_gain": 3, **BOTH_SIDES},
    {"pos": "t5", **ODD},
    {"pos": "t5", "t5_buckets": 8, "t5_max_distance": 11, "t5_gain": 3, **BOTH_SIDES},
    {"pos": "alibi", **ODD},
    {"pos": "alibi", "n_head": 2, **BOTH_SIDES},
    {"pos": "shaw", **ODD},
    {"pos": "shaw", "shaw_max_distance": 4, "shaw_gain": 3, **BOTH_SIDES},
    {"pos": "kerple", **ODD},
    {"pos": "kerple", "kerple_kind": "power", "kerple_gain": 3, **BOTH_SIDES},
    {"pos": "fire", **ODD},
    {"pos": "fire", "fire_threshold": 20, "fire_gain": 3, **BOTH_SIDES},
    {"pos": "cope", **ODD},
    {"pos": "cope", "cope_max_position": 3, "cope_gain": 3},
    {"pos": "rope"},
    {"pos": "rope", "rope_pairing": "half", "rope_base": 300, **BOTH_SIDES},
    {"pos": "rope", "rope_values": "yes"},
    {"pos": "rope", "rope_share": 0.67, "rope_pairing": "half"},
    {"pos": "rope", "rope_share": 0.67, "rope_frequencies": 0.5, "rope_scaling": "linear:3"},
    {"pos": "rope", "rope_scaling": "ntk:3", **BOTH_SIDES},
    {"pos": "rope", "rope_scaling": "yarn:3", "rope_share": 0.67},
    {"pos": "rope", "rope_scaling": "dynamic", "rope_frequencies": 0.67},
    {"pos": "xpos"},
    {"pos": "xpos", "xpos_pairing": "half", "xpos_base": 300, "xpos_gamma": 1, "xpos_scale": 9},
]

CORPUS = "".join(random.Random(1).choices("abc dé\n.த😀", k=2000))


class Failure(Exception):
    pass


class Bench:
    """The programs of a build, and a folder for their files."""

    def __init__(self, build, folder):
        self.build, self.folder = build, folder
        self.corpus = self.path("corpus.txt")
        with open(self.corpus, "w", encoding="utf-8") as file:
            file.write(CORPUS)

    def path(self, name):
        return os.path.join(self.folder, name)

    def run(self, program, *arguments, code=0):
        """What it says on stdout and on stderr. PATH is empty: no picture."""
        done = subprocess.run([os.path.join(self.build, program), *map(str, arguments)],
                              env={**os.environ, "PATH": ""}, capture_output=True,
                              encoding="utf-8", timeout=60)
        if done.returncode != code:
            raise Failure(f"{program} {arguments[0]}: exit code {done.returncode}, not {code}: "
                          f"{done.stderr.strip()}")
        return done.stdout, done.stderr

    def train(self, name, settings):
        """The checkpoint's path, and what was said."""
        flags = [f"--{key}={value}" for key, value in {**SETTINGS, **settings}.items()]
        _, said = self.run("posgpt", "train", f"--data={self.corpus}",
                           f"--out-dir={self.folder}", f"--name={name}", *flags)
        return self.path(f"{name}/checkpoint.safetensors"), said

    def logits(self, path, tokens):
        lines, _ = self.run("tests/torch/logits", path, *tokens)
        rows = [[float(number) for number in line.split()] for line in lines.splitlines()]
        return torch.tensor(rows, dtype=torch.float64)


def read_config(text):
    """The lines `key = value` of an INI text, with numbers as numbers and yes and no as truth."""
    config = {}
    for line in text.splitlines():
        key, equals, value = line.partition(" = ")
        if not equals or line.startswith("#"):
            continue
        config[key] = {"yes": True, "no": False}.get(value, value)
        for number in (float, int):
            try:
                config[key] = number(value)
            except ValueError:
                pass
    return config


def expect(condition, message):
    if not condition:
        raise Failure(message)


def expect_same(actual, expected, what):
    expect(actual.shape == expected.shape, f"{what}: {actual.shape} logits, not {expected.shape}")
    off = (actual - expected).abs().max().item()
    expect(off <= TOLERANCE, f"{what}: logits are off by {off:.3g}")


def sequences(vocab_size, config):
    """One token; a training window; and, where the scheme allows, twice its length."""
    source = random.Random(2)
    longest = config.get("learned_length") or BLOCK_SIZE
    lengths = [1, BLOCK_SIZE, longest if config["pos"] == "learned" else 2 * BLOCK_SIZE]
    return [[source.randrange(vocab_size) for _ in range(length)] for length in lengths]


def compare(bench, path, model, asked, what):
    with torch.no_grad():
        for tokens in asked:
            expect_same(bench.logits(path, tokens), model(torch.tensor(tokens)),
                        f"{what}, {len(tokens)} tokens")


def expect_scheme_matters(model, config, tokens):
    """A comparison that would pass without the scheme says nothing about it."""
    with torch.no_grad():
        whole = model(torch.tensor(tokens))
        scheme, model.scheme = model.scheme, Scheme(config)
        for block in model.transformer.h:
            block.attn.scheme = model.scheme
        bare = model(torch.tensor(tokens))
        model.scheme = scheme
        for block in model.transformer.h:
            block.attn.scheme = scheme
    expect((whole - bare).abs().max() > DISTINCT, "the scheme makes no difference in this test")


def take_from_posgpt(bench, name, case):
    """Trains, reads, compares; returns what belongs to the model."""
    path, _ = bench.train(name, case)
    tensors, metadata = tensorfile.read(path)
    config, vocab_size = read_config(metadata["config"]), len(metadata["vocabulary"])
    weights = {key: t for key, t in tensors.items() if not key.startswith("optimizer.")}
    model = Gpt(config, vocab_size).double()
    keys = model.load_state_dict(weights, strict=False)
    expect(keys.missing_keys == ["lm_head.weight"] and not keys.unexpected_keys,
           f"state dict: {keys}")
    compare(bench, path, model, sequences(vocab_size, config), "from posgpt")
    return model, config, metadata


def make_up_weights(model):
    """All of them random, F32; the tied head is in the state dict as well."""
    generator = torch.Generator().manual_seed(3)
    for parameter in model.parameters():
        start = 1 if parameter.dim() == 1 else 0
        numbers = start + 0.2 * torch.randn(parameter.shape, generator=generator)
        parameter.data = numbers.double()
    return {name: tensor.float() for name, tensor in model.state_dict().items()}


def give_to_posgpt(bench, name, case, model, config, metadata):
    weights = make_up_weights(model)
    asked = sequences(len(metadata["vocabulary"]), config)
    if config["pos"] != "none":
        expect_scheme_matters(model, config, asked[1])

    path = bench.path(f"{name}-whole.safetensors")
    texts = {key: text for key, text in metadata.items() if key != "checksum"}
    tensorfile.write(path, weights, texts)
    compare(bench, path, model, asked, "from PyTorch, with metadata")
    _, said = bench.run("posgpt", "eval", path, "--threads=1")
    expect(f"{path}: no checksum: its numbers are taken as they are" in said, f"eval: {said}")

    path = bench.path(f"{name}-bare.safetensors")
    mask = torch.ones(1, 1, BLOCK_SIZE, BLOCK_SIZE).tril()
    tensorfile.write(path, {**weights, "transformer.h.0.attn.bias": mask})
    _, said = bench.run("posgpt", "sample", path, code=1)
    expect("train --init-from takes weights alone" in said, f"sample: {said}")
    still = {"init_from": path, "max_iters": 1, "warmup_iters": 0, "learning_rate": 1e-12,
             "min_lr": 0}
    trained, said = bench.train(f"{name}-more", {**case, **still})
    expect(f"{path}: no checksum, no vocabulary" in said, f"train: {said}")
    compare(bench, trained, model, asked, "from PyTorch, by --init-from")


def names_of_schemes(bench):
    """As the help of `pos` lists them."""
    text, _ = bench.run("posgpt", "--help")
    rows = text.split("Positional schemes", 1)[1].split("\n\n", 1)[0].splitlines()[1:]
    return [row.split()[0] for row in rows if not row.startswith("   ")]


def main():
    torch.set_num_threads(1)
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(sys.argv[1], folder)
        for number, case in enumerate(CASES):
            try:
                model, config, metadata = take_from_posgpt(bench, f"run-{number}", case)
                give_to_posgpt(bench, f"run-{number}", case, model, config, metadata)
            except Failure as failure:
                failures += 1
                print(f"    | {case}: {failure}")
        for name in names_of_schemes(bench):
            if name not in SCHEMES:
                print(f"    | {name}: not compared: tests/torch/schemes.py does not have it")
    verdict = f"FAILED  {failures} failed, " if failures else "ok      "
    print(f"{'tests/torch, PyTorch ' + torch.__version__:40}  {verdict}"
          f"{len(CASES) - failures} passed")
    print(f"{len(CASES) - failures} passed, {failures} failed")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
