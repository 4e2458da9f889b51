"""The NumPy under the short answer of docs/00-the-question.md, run as it stands on that page's example."""
import re

import numpy as np

page = open("docs/00-the-question.md", encoding="utf-8").read()
answer = page[page.index("In NumPy, "):page.index("This page is the long answer.")]
lines = re.findall(r"```python\n(.*?)```", answer, re.DOTALL)
assert len(lines) == 2, lines


class Policy:  # its weights are the logits themselves
    weights = np.log([0.6, 0.4])

    def backpropagate(self, d):
        return d


p, a, G, policy = np.array([0.6, 0.4]), 0, 2, Policy()
names = {"p": p, "a": a, "G": G, "policy": policy, "alpha": 0.1}
exec("".join(lines), names)
assert np.allclose(names["d"], [0.8, -0.8]), names["d"]
after = np.exp(policy.weights) / np.exp(policy.weights).sum()
assert round(after[0], 3) == 0.638, after

# For the one whose backpropagate starts at the probabilities: softmax backwards, from G / p_a.
assert np.allclose((np.diag(p) - np.outer(p, p)) @ [G / p[a], 0], names["d"])
