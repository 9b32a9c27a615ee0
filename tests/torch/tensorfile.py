"""tensorfile.py: safetensors files, read and written from the format's description alone.

    8 bytes   N, the length of the header, little-endian
    N bytes   JSON: name -> {"dtype", "shape", "data_offsets": [begin, end]}, and "__metadata__":
              texts by name
    the rest  the tensors, row-major and little-endian; offsets count from here
"""
import json
import struct

import torch

DTYPES = {"F32": (torch.float32, "f", 4), "F64": (torch.float64, "d", 8)}


def product(shape):
    count = 1
    for size in shape:
        count *= size
    return count


def read(path):
    """The tensors by name, and the metadata."""
    with open(path, "rb") as file:
        content = file.read()
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8 : 8 + length])
    data = content[8 + length :]
    metadata = header.pop("__metadata__", {})
    tensors, end = {}, 0
    for name, entry in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
        dtype, letter, size = DTYPES[entry["dtype"]]
        begin, after = entry["data_offsets"]
        count = product(entry["shape"])
        assert begin == end and after == begin + count * size, f"{name}: a hole or an overlap"
        numbers = struct.unpack(f"<{count}{letter}", data[begin:after])
        tensors[name] = torch.tensor(numbers, dtype=dtype).reshape(entry["shape"])
        end = after
    assert end == len(data), "bytes are left over"
    return tensors, metadata


def write(path, tensors, metadata=None):
    """As the safetensors package does it: F32, sorted by name, the header padded with spaces."""
    header, data = {}, b""
    if metadata:
        header["__metadata__"] = metadata
    for name, tensor in sorted(tensors.items()):
        numbers = tensor.flatten().tolist()
        begin = len(data)
        data += struct.pack(f"<{len(numbers)}f", *numbers)
        header[name] = {"dtype": "F32", "shape": list(tensor.shape),
                        "data_offsets": [begin, len(data)]}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)
