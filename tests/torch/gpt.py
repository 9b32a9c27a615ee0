"""gpt.py: nanoGPT's model in PyTorch, small and literal, with the names of its state dict.

The conventions that the names do not tell:
    weights of linear layers are [out, in]; c_attn holds q, k and v one under the other, each of
    them the heads one under the other
    layer norm before each branch, epsilon 1e-5
    gelu is the one of GPT-2, x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))), not the one by erf
    that is PyTorch's default (with it the logits here change by about 1e-4)
    scores are divided by sqrt(n_embd / n_head) before a scheme adds to them
    the output head is the token table; a model that sees both sides has one row more, the mask
"""
import math

import torch
from torch import nn
from torch.nn import functional as F

from schemes import SCHEMES


class LayerNorm(nn.Module):
    def __init__(self, size, bias):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(size))
        self.bias = nn.Parameter(torch.zeros(size)) if bias else None

    def forward(self, x):
        return F.layer_norm(x, self.weight.shape, self.weight, self.bias, 1e-5)


class Attention(nn.Module):
    def __init__(self, config, scheme):
        super().__init__()
        size, bias = config["n_embd"], config["bias"]
        self.config, self.scheme = config, scheme
        self.c_attn = nn.Linear(size, 3 * size, bias=bias)
        self.c_proj = nn.Linear(size, size, bias=bias)
        for name, module in scheme.modules_of_layer().items():
            self.add_module(name, module)

    def forward(self, x, transformer, positions):
        batch, length, size = x.shape
        heads = self.config["n_head"]
        q, k, v = (part.view(batch, length, heads, size // heads).transpose(1, 2)
                   for part in self.c_attn(x).split(size, dim=2))
        q, k = self.scheme.turn(q, positions), self.scheme.turn_key(k, positions)
        v = self.scheme.turn_value(v, positions)
        scores = q @ k.transpose(2, 3) / math.sqrt(size // heads)
        scores = scores + self.scheme.bias(transformer, self, positions)
        scores = scores + self.scheme.bias_of_heads(self, q, k, positions)
        if self.config["causal"]:
            later = torch.ones(length, length, dtype=torch.bool).triu(1)
            scores = scores.masked_fill(later, float("-inf"))
        mixed = F.softmax(scores, dim=-1) @ v
        return self.c_proj(mixed.transpose(1, 2).reshape(batch, length, size))


class FeedForward(nn.Module):
    def __init__(self, config):
        super().__init__()
        size, bias = config["n_embd"], config["bias"]
        self.c_fc = nn.Linear(size, 4 * size, bias=bias)
        self.c_proj = nn.Linear(4 * size, size, bias=bias)

    def forward(self, x):
        return self.c_proj(F.gelu(self.c_fc(x), approximate="tanh"))


class Block(nn.Module):
    def __init__(self, config, scheme):
        super().__init__()
        self.ln_1 = LayerNorm(config["n_embd"], config["bias"])
        self.attn = Attention(config, scheme)
        self.ln_2 = LayerNorm(config["n_embd"], config["bias"])
        self.mlp = FeedForward(config)

    def forward(self, x, transformer, positions):
        x = x + self.attn(self.ln_1(x), transformer, positions)
        return x + self.mlp(self.ln_2(x))


class Gpt(nn.Module):
    def __init__(self, config, vocab_size):
        super().__init__()
        scheme = SCHEMES[config["pos"]](config)
        symbols = vocab_size + (0 if config["causal"] else 1)
        self.scheme = scheme
        self.transformer = nn.ModuleDict({
            "wte": nn.Embedding(symbols, config["n_embd"]),
            "h": nn.ModuleList(Block(config, scheme) for _ in range(config["n_layer"])),
            "ln_f": LayerNorm(config["n_embd"], config["bias"]),
            **scheme.modules(),
        })
        self.lm_head = nn.Linear(config["n_embd"], symbols, bias=False)
        self.lm_head.weight = self.transformer.wte.weight

    def forward(self, tokens):
        """Tokens [T] to logits [T, V]."""
        positions = torch.arange(len(tokens))
        x = self.transformer.wte(tokens)[None]
        x = self.scheme.embed(self.transformer, x, positions)
        for block in self.transformer.h:
            x = block(x, self.transformer, positions)
        return self.lm_head(self.transformer.ln_f(x))[0]
