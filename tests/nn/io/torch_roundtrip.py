"""PyTorch's side of tests/nn/io/test_torch.cpp: torch_roundtrip.py FOLDER

Reads ours.safetensors (a policy) and states.safetensors, and writes our_logits.safetensors, what torch.nn.Sequential
makes of them; then a policy of PyTorch's own, theirs.safetensors, and their_logits.safetensors.
"""
import json
import struct
import sys

import torch


def load(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    header.pop("__metadata__", None)
    return {name: torch.frombuffer(bytearray(data[slice(*entry["data_offsets"])]), dtype=torch.float32)
            .reshape(entry["shape"]) for name, entry in header.items()}


def save(path, tensors):
    header, data = {}, b""
    for name, tensor in tensors.items():
        numbers = tensor.detach().contiguous().flatten().tolist()
        packed = struct.pack(f"<{len(numbers)}f", *numbers)
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(packed)]}
        data += packed
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


folder = sys.argv[1] + "/"
torch.manual_seed(7)
policy = torch.nn.Sequential(torch.nn.Linear(4, 32), torch.nn.Tanh(), torch.nn.Linear(32, 16), torch.nn.Tanh(),
                             torch.nn.Linear(16, 2))
states = load(folder + "states.safetensors")["states"]  # features x states
save(folder + "theirs.safetensors", policy.state_dict())
save(folder + "their_logits.safetensors", {"logits": policy(states.T).T})
policy.load_state_dict(load(folder + "ours.safetensors"))  # strict: every name and every shape
save(folder + "our_logits.safetensors", {"logits": policy(states.T).T})
