"""The Python of docs/diagnose.md, run as it stands: diagnose_snippets.py FOLDER

Each snippet meets a small learner that is right, and writes its numbers into a folder of its own. For JAX there is a
stand-in: jax.grad takes central differences, and arrays are floats of which one may only ask what np.asarray asks.
"""
import os
import re
import sys

import numpy as np
import torch

page = open("docs/diagnose.md", encoding="utf-8").read()
folder = sys.argv[1]


def snippet(mark):
    return re.search(r"```python\n(.*?)```", page[page.index(mark):], re.DOTALL).group(1)


def run(name, code, **variables):
    os.makedirs(f"{folder}/{name}")
    os.chdir(f"{folder}/{name}")
    exec(code, {"np": np, **variables})


rng = np.random.default_rng(7)
lengths, K, gamma = (5, 8, 3), 3, 0.9
episode = np.repeat(np.arange(len(lengths)), lengths)
r = rng.uniform(-1, 2, len(episode)).round(2)
G = np.zeros(len(r))
for t in reversed(range(len(r))):
    last = t + 1 == len(r) or episode[t + 1] != episode[t]
    G[t] = r[t] if last else r[t] + gamma * G[t + 1]

# A network of two layers, by hand, for NumPy and for section 4.
x = rng.normal(size=(len(r), 4))
W, b = [rng.normal(size=(5, 4)), rng.normal(size=(K, 5))], [rng.normal(size=5), rng.normal(size=K)]
h = np.tanh(x @ W[0].T + b[0])
z = h @ W[1].T + b[1]


def softmax(z):
    e = np.exp(z - z.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


p = softmax(z)
a = np.array([rng.choice(K, p=row) for row in p])
d = (np.eye(K)[a] - p) * G[:, None]
run("numpy", snippet("**NumPy.**"), a=a, p=p, d=d, G=G, r=r, episode=episode, gamma=gamma)

dh = (d @ W[1]) * (1 - h**2)
run("layers", snippet("## 4."), folder=".", x=x, dout=d, W=W, b=b, dW=[dh.T @ x, d.T @ h], db=[dh.sum(0), d.sum(0)])

# The first line of PyTorch's snippet asks the logits to keep their gradient, "then your loss".
first, rest = snippet("**PyTorch.**").split("\n", 1)
loss = "\nloss = (torch.nn.functional.cross_entropy(z, actions, reduction='none') * G).mean(); loss.backward()\n"
torch.manual_seed(7)
run("torch", first + loss + rest, torch=torch, policy=torch.nn.Linear(4, K), states=torch.tensor(x, dtype=torch.float32),
    actions=torch.tensor(a), G=torch.tensor(G, dtype=torch.float32), rewards=torch.tensor(r, dtype=torch.float32),
    episode=torch.tensor(episode), gamma=gamma, K=K)


class Array:
    def __init__(self, numbers):
        self.numbers, self.shape = numbers, numbers.shape

    def __array__(self, dtype=None):
        return self.numbers if dtype is None else self.numbers.astype(dtype)


class jax:
    @staticmethod
    def grad(f, step=1e-5):
        def gradient(where):
            at = np.asarray(where).astype(float)
            gradient = np.zeros_like(at)
            for i in np.ndindex(at.shape):
                for sign in (1, -1):
                    at[i] += sign * step
                    gradient[i] += sign * f(at) / (2 * step)
                    at[i] -= sign * step
            return Array(gradient.astype(np.float32))
        return gradient


def loss_of_logits(z):
    return -(G * np.log(softmax(z)[np.arange(len(a)), a])).sum()


z, G, r = z.astype(np.float32), G.astype(np.float32), r.astype(np.float32)
run("jax", snippet("**JAX.**"), jax=jax, loss_of_logits=loss_of_logits, z=Array(z), a=Array(a), G=Array(G), r=Array(r),
    episode=Array(episode), gamma=gamma)
