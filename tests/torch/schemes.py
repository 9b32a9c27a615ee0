"""schemes.py: the positional schemes once more, in PyTorch, from the formulas of the papers.

Each class states its convention: what another program must do to get the same logits from the
same weights. T is the training length (block_size, without random_positions), D the channels of a
head, C those of the model. A scheme may bring modules, whose names are those of the tensors in a
file, and acts at most at three places: on the tokens' vectors, on queries and keys, on the scores.
"""
import math

import torch
from torch import nn
from torch.nn import functional as F

NO_MODULES = {}


class Scheme:
    """`none`: nothing at all. Only a causal mask tells positions apart."""

    def __init__(self, config):
        self.config = config
        self.heads = config["n_head"]

    def modules(self):
        """For `transformer`, by name."""
        return NO_MODULES

    def modules_of_layer(self):
        """For `attn` of each layer."""
        return NO_MODULES

    def embed(self, transformer, x, positions):
        return x  # [B, T, C]

    def turn(self, x, positions):
        return x  # queries or keys [B, H, T, D]

    def turn_key(self, x, positions):
        return self.turn(x, positions)  # of a scheme that treats keys in another way

    def turn_value(self, x, positions):
        return x

    def bias(self, transformer, attention, positions):
        return 0  # to be added to q.k / sqrt(D) [B, H, T, T]

    def bias_of_heads(self, attention, q, k, positions):
        return 0  # the same, of a scheme that looks at queries and keys


class Weight(nn.Module):
    """A parameter NAME.weight."""

    def __init__(self, *shape):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(shape))


class Gain(nn.Module):
    """A single number NAME.gain."""

    def __init__(self):
        super().__init__()
        self.gain = nn.Parameter(torch.zeros(1))


class Learned(Scheme):
    """GPT-2: row p of transformer.wpe is added to the token's vector. Exactly nanoGPT."""

    def modules(self):
        rows = self.config["learned_length"] or self.config["block_size"]
        return {"wpe": nn.Embedding(rows, self.config["n_embd"])}

    def embed(self, transformer, x, positions):
        return x + transformer.wpe(positions)


class Sinusoidal(Scheme):
    """Vaswani et al. 2017, 3.5: PE(p, 2i) = sin(p / 10000^(2i/C)), PE(p, 2i+1) = cos of the same:
    sines and cosines side by side, not in two halves; for an odd C the last cosine is left out.
    Token vectors are not multiplied by sqrt(C); instead PE is multiplied by a gain: the number
    transformer.wpe.gain (learned), sinusoidal_rms / sqrt(1/2) (fixed), or 1 (textbook)."""

    def modules(self):
        return {"wpe": Gain()} if self.config["sinusoidal_gain"] == "learned" else NO_MODULES

    def embed(self, transformer, x, positions):
        channels = self.config["n_embd"]
        table = torch.zeros(len(positions), channels, dtype=x.dtype)
        for c in range(channels):
            angle = positions.to(x.dtype) / 10000 ** ((c - c % 2) / channels)
            table[:, c] = torch.sin(angle) if c % 2 == 0 else torch.cos(angle)
        kind = self.config["sinusoidal_gain"]
        if kind == "learned":
            return x + transformer.wpe.gain * table
        return x + table * (1 if kind == "textbook" else self.config["sinusoidal_rms"] * 2**0.5)


def distances(positions):
    """r[i, j] = position of key j - position of query i: negative to the left."""
    return positions[None, :] - positions[:, None]


class Relative(Scheme):
    """Shaw et al. 2018 with a number in place of each vector: relative_gain * w[h, clip(r)] is
    added to the divided score, w = attn.relative.weight of the layer. Its columns are the
    distances -R ... 0, without a mask -R ... R; R is relative_max_distance, or T - 1."""

    def furthest(self):
        return self.config["relative_max_distance"] or self.config["block_size"] - 1

    def modules_of_layer(self):
        sides = 1 if self.config["causal"] else 2
        return {"relative": Weight(self.heads, sides * self.furthest() + 1)}

    def bias(self, transformer, attention, positions):
        far = self.furthest()
        right = 0 if self.config["causal"] else far
        column = distances(positions).clamp(-far, right) + far
        return self.config["relative_gain"] * attention.relative.weight[:, column]


def t5_bucket(r, causal, buckets, max_distance):
    """_relative_position_bucket of mesh_tensorflow and transformers, for one distance."""
    bucket = 0
    if causal:
        n = max(-r, 0)
    else:
        buckets //= 2
        bucket = buckets if r > 0 else 0
        n = abs(r)
    exact = buckets // 2
    if n < exact:
        return bucket + n
    far = math.log(n / exact) / math.log(max_distance / exact) * (buckets - exact)
    return bucket + min(exact + int(far), buckets - 1)


class T5(Scheme):
    """Raffel et al. 2020, 2.1: one table transformer.t5_bias.weight for all layers, [H, buckets]
    (T5 keeps it as [buckets, H]). t5_gain * w[h, bucket] is added to the divided score; T5 itself
    does not divide. Where they are 0: t5_buckets is T/2, from 2 to 32 (without a mask T/4 on each
    side), t5_max_distance 3T/4."""

    def sizes(self):
        length = self.config["block_size"]
        sides = 1 if self.config["causal"] else 2
        default = sides * max(2, min(length // (2 * sides), 32 // sides))
        return (self.config["t5_buckets"] or default,
                self.config["t5_max_distance"] or max(2, 3 * length // 4))

    def modules(self):
        return {"t5_bias": Weight(self.heads, self.sizes()[0])}

    def bias(self, transformer, attention, positions):
        buckets, far = self.sizes()
        column = distances(positions).tolist()
        column = [[t5_bucket(r, self.config["causal"], buckets, far) for r in row]
                  for row in column]
        return self.config["t5_gain"] * transformer.t5_bias.weight[:, torch.tensor(column)]


def alibi_slopes(heads):
    """get_slopes of the authors' code (fairseq/models/transformer.py)."""
    if math.log2(heads).is_integer():
        start = 2 ** (-(2 ** -(math.log2(heads) - 3)))
        return [start * start**h for h in range(heads)]
    closest = 2 ** math.floor(math.log2(heads))
    return alibi_slopes(closest) + alibi_slopes(2 * closest)[0::2][: heads - closest]


class Alibi(Scheme):
    """Press et al. 2022, 3: -slope[h] * |r| is added to the divided score, in every layer; the bias
    itself is not divided. Without a mask keys to the right are treated as those to the left."""

    def bias(self, transformer, attention, positions):
        slopes = torch.tensor(alibi_slopes(self.heads), dtype=torch.float64)
        return -slopes[:, None, None] * distances(positions).abs()


class Shaw(Scheme):
    """Shaw et al. 2018, equations 4 and 5: shaw_gain * q.a[clip(r)] / sqrt(D) is added to the
    divided score, a = attn.shaw.weight of the layer, the same for all heads; the paper's gain is
    1. Nothing is added to values. The rows of a are the distances -k ... 0, without a mask
    -k ... k; k is shaw_max_distance, or where that is 0 the less of 16 and T - 1."""

    def furthest(self):
        return self.config["shaw_max_distance"] or min(16, self.config["block_size"] - 1)

    def modules_of_layer(self):
        sides = 1 if self.config["causal"] else 2
        return {"shaw": Weight(sides * self.furthest() + 1, self.config["n_embd"] // self.heads)}

    def bias_of_heads(self, attention, q, k, positions):
        far = self.furthest()
        row = distances(positions).clamp(-far, 0 if self.config["causal"] else far) + far
        vectors = attention.shaw.weight[row]  # [T, T, D]
        products = torch.einsum("bhid,ijd->bhij", q, vectors)
        return self.config["shaw_gain"] * products / math.sqrt(q.shape[-1])


class Kerple(Scheme):
    """Chi et al. 2022, 4: -r1 log(1 + r2 |r|), or for kerple_kind = power -r1 |r|^r2, is added to
    the divided score in every layer, with r1 and r2 of each head. a and b are kerple_gain times the
    columns of transformer.kerple_bias.weight: r1 = start S(a) with start (h + 1/2) / H, twice that
    for the logarithm; r2 = S(b) / 2, for the power 2 sigmoid(b); S is softplus / log(2)."""

    def modules(self):
        return {"kerple_bias": Weight(self.heads, 2)}

    def bias(self, transformer, attention, positions):
        a, b = (self.config["kerple_gain"] * transformer.kerple_bias.weight).T[:, :, None, None]
        start = (torch.arange(self.heads, dtype=a.dtype)[:, None, None] + 0.5) / self.heads
        r1 = start * F.softplus(a) / math.log(2)
        distance = distances(positions).abs().to(a.dtype)
        if self.config["kerple_kind"] == "power":
            return -r1 * distance ** (2 * torch.sigmoid(b))
        return -2 * r1 * torch.log1p(F.softplus(b) / math.log(2) / 2 * distance)


class FireModule(nn.Module):
    """The names of its parameters. The last layer has no bias: softmax would take it out again."""

    def __init__(self, heads):
        super().__init__()
        self.scale = nn.Parameter(torch.zeros(2))
        self.c_fc = nn.Linear(1, 32)
        self.c_proj = nn.Linear(32, heads, bias=False)


class Fire(Scheme):
    """Li et al. 2023, 3, and the module of its appendix, one for each layer: fire_gain * f(psi(|r|)
    / psi(max(L, query))) is added to the divided score; psi(v) = log(c v + 1), f = c_fc, ReLU,
    c_proj. Learned are the numbers of attn.fire.scale, the logarithms of c / 0.1 and of
    L / fire_threshold (0: T/4). Without a mask keys to the right are treated as those to the
    left."""

    def modules_of_layer(self):
        return {"fire": FireModule(self.heads)}

    def bias(self, transformer, attention, positions):
        fire = attention.fire
        c, threshold = fire.scale.exp()
        c = 0.1 * c
        threshold = (self.config["fire_threshold"] or self.config["block_size"] / 4) * threshold
        furthest = torch.maximum(positions.to(c.dtype), threshold)
        share = torch.log(c * distances(positions).abs() + 1)
        share = share / torch.log(c * furthest + 1)[:, None]
        bias = fire.c_proj(torch.relu(fire.c_fc(share[:, :, None])))  # [T, T, H]
        return self.config["fire_gain"] * bias.permute(2, 0, 1)


class Cope(Scheme):
    """Golovneva et al. 2024, the listing: gates are sigmoid(q.k / sqrt(D)) of the keys up to the
    query's own, p[i, j] the sum of those from j on, and cope_gain * q.e[p] is added to the divided
    score, itself not divided; the paper's gain is 1. e = attn.cope.weight of the layer [P + 1, D]
    is the same for all heads. p is at most P = cope_max_position, or T. Only with a mask."""

    def modules_of_layer(self):
        last = self.config["cope_max_position"] or self.config["block_size"]
        return {"cope": Weight(last + 1, self.config["n_embd"] // self.heads)}

    def bias_of_heads(self, attention, q, k, positions):
        vectors = attention.cope.weight
        gates = torch.sigmoid(q @ k.transpose(2, 3) / math.sqrt(q.shape[-1])).tril()
        p = gates.flip(-1).cumsum(-1).flip(-1).clamp(max=len(vectors) - 1)
        at_whole = self.config["cope_gain"] * q @ vectors.T
        below, above = p.floor(), p.ceil()
        return (at_whole.gather(-1, above.long()) * (p - below)
                + at_whole.gather(-1, below.long()) * (1 - p + below))


class Rope(Scheme):
    """Su et al. 2021, equation 34: channels 2i and 2i+1 of each head's query and key are one
    complex number, times e^(i p theta_i), theta_i = rope_base^(-2i/D); values are left alone unless
    rope_values says otherwise.
    rope_pairing = half: channels i and i + D/2 instead, which is rotate_half of GPT-NeoX and of
    Hugging Face's Llama.
    rope_share: the first channels only, with their number for D (rotary_pct of GPT-NeoX).
    rope_frequencies: the slowest planes have theta 0 (p-RoPE, Barbero et al. 2024).
    rope_scaling, of Peng et al. 2023: linear, ntk and dynamic as in Hugging Face's Llama, dynamic
    with factor 1. yarn ramps over turns, as the paper's equation does, from 1 turn in block_size
    to (block_size / 2 pi)^0.535; its factor 0.1 ln s + 1 is on all channels of q and k."""

    def scaled(self, theta, length):
        kind, _, scale = str(self.config["rope_scaling"]).partition(":")
        trained = self.config["block_size"]
        scale = float(scale) if scale else max(1, length / trained)
        if kind == "linear":
            return theta / scale
        if kind in ("ntk", "dynamic") and len(theta) > 1:
            return theta * scale ** -torch.linspace(0, 1, len(theta), dtype=theta.dtype)
        if kind == "yarn":
            most = trained / (2 * math.pi)
            beta = most ** (math.log(32) / math.log(4096 / (2 * math.pi)))
            ramp = ((most * theta - 1) / (beta - 1)).clamp(0, 1)
            return theta * (ramp + (1 - ramp) / scale)
        return theta

    def angles(self, size, positions, dtype):
        theta = self.config["rope_base"] ** (-torch.arange(0, size, 2, dtype=dtype) / size)
        theta[int(self.config["rope_frequencies"] * len(theta) + 0.5):] = 0
        theta = self.scaled(theta, len(positions))
        return positions.to(dtype)[:, None] * theta  # [T, pairs]

    def turn(self, x, positions):
        turning = 2 * max(1, int(self.config["rope_share"] * x.shape[-1] / 2 + 0.5))
        x, rest = x[..., :turning], x[..., turning:]
        x = torch.cat((self.turn_all(x, positions), rest), dim=-1)
        kind, _, scale = str(self.config["rope_scaling"]).partition(":")
        return x * (0.1 * math.log(float(scale)) + 1) if kind == "yarn" else x

    def turn_all(self, x, positions):
        angle = self.angles(x.shape[-1], positions, x.dtype)
        if self.config["rope_pairing"] == "interleaved":
            pairs = torch.view_as_complex(x.reshape(*x.shape[:-1], -1, 2))
            turned = pairs * torch.polar(torch.ones_like(angle), angle)
            return torch.view_as_real(turned).flatten(-2)
        left, right = x.chunk(2, dim=-1)
        rotated = torch.cat((-right, left), dim=-1)
        return x * torch.cos(angle).repeat(1, 2) + rotated * torch.sin(angle).repeat(1, 2)

    def turn_value(self, x, positions):
        return self.turn(x, positions) if self.config["rope_values"] else x


class Xpos(Scheme):
    """Sun et al. 2022, algorithm 1: RoPE's complex numbers, times zeta_i^(p / s) in queries and
    zeta_i^(-p / s) in keys; zeta_i = (2i/D + xpos_gamma) / (1 + xpos_gamma), s = xpos_scale, or T/2
    where that is 0. The authors' code has s = 512 and counts p from the middle of the text, on
    which no score depends. xpos_base and xpos_pairing are as in Rope. Only with a mask."""

    def multiply(self, x, positions, sign):
        share = torch.arange(0, x.shape[-1], 2, dtype=x.dtype) / x.shape[-1]  # 2i/D
        theta = self.config["xpos_base"] ** -share
        zeta = (share + self.config["xpos_gamma"]) / (1 + self.config["xpos_gamma"])
        scale = self.config["xpos_scale"] or self.config["block_size"] / 2
        p = positions.to(x.dtype)[:, None]
        factors = torch.polar(zeta ** (sign * p / scale), p * theta)  # [T, D/2]
        if self.config["xpos_pairing"] == "half":
            product = torch.complex(*x.chunk(2, dim=-1)) * factors
            return torch.cat((product.real, product.imag), dim=-1)
        pairs = torch.view_as_complex(x.reshape(*x.shape[:-1], -1, 2))
        return torch.view_as_real(pairs * factors).flatten(-2)

    def turn(self, x, positions):
        return self.multiply(x, positions, 1)

    def turn_key(self, x, positions):
        return self.multiply(x, positions, -1)


SCHEMES = {"none": Scheme, "learned": Learned, "sinusoidal": Sinusoidal, "relative": Relative,
           "t5": T5, "alibi": Alibi, "shaw": Shaw, "kerple": Kerple, "fire": Fire, "cope": Cope,
           "rope": Rope, "xpos": Xpos}
