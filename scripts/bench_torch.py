#!/usr/bin/env python3
"""bench_torch.py: nanoGPT's training step in PyTorch, to measure posgpt beside it.

    bench_torch.py HOW THREADS N_LAYER N_HEAD N_EMBD BLOCK_SIZE BATCH_SIZE DROPOUT

Reads numbers from stdin, one a line: takes so many steps, and prints the seconds of one. HOW is
    default    PyTorch and its BLAS as they are, with as many threads as they choose
    installed  the same with THREADS threads
    tuned      the best that was found: also memory that is kept instead of given back to the
               system after each tensor, and the OpenBLAS that shares PyTorch's threads, if it is
               installed (Debian: libopenblas0-openmp)
tests/bench starts it; by hand:  echo 5 | python3 scripts/bench_torch.py tuned 2 4 4 128 64 12 0
"""
import glob
import os
import sys
import time

how = sys.argv[1]
threads, n_layer, n_head, n_embd, block_size, batch_size = map(int, sys.argv[2:8])
dropout = float(sys.argv[8])
vocab_size = 65

# What is read when a library is loaded must be there before that: the script starts itself again.
if how != "default" and "BENCH_TORCH" not in os.environ:
    os.environ["BENCH_TORCH"] = "started"
    os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = str(threads)
    if how == "tuned":
        os.environ["MALLOC_MMAP_THRESHOLD_"] = os.environ["MALLOC_TRIM_THRESHOLD_"] = str(8 << 30)
        os.environ["MALLOC_TOP_PAD_"] = str(256 << 20)
        folders = glob.glob("/usr/lib/*/openblas-openmp")
        os.environ["LD_LIBRARY_PATH"] = ":".join(folders + [os.environ.get("LD_LIBRARY_PATH", "")])
    os.execv(sys.executable, [sys.executable] + sys.argv)

try:
    import torch
except ImportError:
    sys.exit(0)  # saying nothing is the answer
from torch import nn
from torch.nn import functional as F

if how != "default":
    torch.set_num_threads(threads)


class LayerNorm(nn.Module):
    """With a scale and no bias, which nn.LayerNorm of this age cannot do."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(n_embd))

    def forward(self, x):
        return F.layer_norm(x, self.weight.shape, self.weight, None, 1e-5)


def linear(n_in, n_out, std=0.02):
    layer = nn.Linear(n_in, n_out, bias=False)
    nn.init.normal_(layer.weight, std=std)
    return layer


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        residual_std = 0.02 / (2 * n_layer) ** 0.5
        self.norm_1, self.norm_2 = LayerNorm(), LayerNorm()
        self.queries_keys_values = linear(n_embd, 3 * n_embd)
        self.mix = linear(n_embd, n_embd, residual_std)
        self.widen = linear(n_embd, 4 * n_embd)
        self.narrow = linear(4 * n_embd, n_embd, residual_std)
        self.drop = nn.Dropout(dropout)
        later = torch.ones(block_size, block_size, dtype=torch.bool).triu(1)
        self.register_buffer("later", later)

    def attend(self, x):
        batch, length, _ = x.shape
        shape = (batch, length, n_head, n_embd // n_head)
        q, k, v = (part.view(shape).transpose(1, 2)
                   for part in self.queries_keys_values(x).split(n_embd, dim=2))
        if hasattr(F, "scaled_dot_product_attention"):  # from PyTorch 2 on
            y = F.scaled_dot_product_attention(q, k, v, dropout_p=dropout, is_causal=True)
        else:
            scores = q @ k.transpose(2, 3) * (n_embd // n_head) ** -0.5
            scores = scores.masked_fill(self.later, float("-inf"))
            y = self.drop(F.softmax(scores, dim=-1)) @ v
        return self.mix(y.transpose(1, 2).reshape(batch, length, n_embd))

    def forward(self, x):
        x = x + self.drop(self.attend(self.norm_1(x)))
        return x + self.drop(self.narrow(gelu(self.widen(self.norm_2(x)))))


def gelu(x):
    """The exact one, as nanoGPT has it: in PyTorch it is one operation, and a fast one."""
    return F.gelu(x)


class Gpt(nn.Module):
    def __init__(self):
        super().__init__()
        self.tokens = nn.Embedding(vocab_size, n_embd)
        self.positions = nn.Embedding(block_size, n_embd)
        nn.init.normal_(self.tokens.weight, std=0.02)
        nn.init.normal_(self.positions.weight, std=0.02)
        self.drop = nn.Dropout(dropout)
        self.blocks = nn.Sequential(*(Block() for _ in range(n_layer)))
        self.norm = LayerNorm()

    def forward(self, tokens, targets):
        x = self.tokens(tokens) + self.positions.weight[: tokens.shape[1]]
        x = self.norm(self.blocks(self.drop(x)))
        logits = x @ self.tokens.weight.T
        return F.cross_entropy(logits.view(-1, vocab_size), targets.view(-1))


def main():
    torch.manual_seed(1)
    text = torch.randint(vocab_size, (20000,))
    model = Gpt()
    matrices = [p for p in model.parameters() if p.dim() >= 2]
    vectors = [p for p in model.parameters() if p.dim() < 2]
    optimizer = torch.optim.AdamW([{"params": matrices, "weight_decay": 0.1},
                                   {"params": vectors, "weight_decay": 0.0}],
                                  lr=1e-3, betas=(0.9, 0.99))

    def step():
        starts = torch.randint(len(text) - block_size, (batch_size,)).tolist()
        inputs = torch.stack([text[s : s + block_size] for s in starts])
        targets = torch.stack([text[s + 1 : s + 1 + block_size] for s in starts])
        loss = model(inputs, targets)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        return loss.item()

    for line in sys.stdin:
        count = int(line)
        start = time.perf_counter()
        for _ in range(count):
            step()
        print((time.perf_counter() - start) / max(count, 1), flush=True)


if __name__ == "__main__":
    main()
