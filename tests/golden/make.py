"""Another set of reference numbers, by PyTorch: python3 tests/golden/make.py FOLDER [SEED]

Writes FOLDER/gradients in the format of this folder, with other shapes, settings and numbers, and copies trajectories and
environments, which are Gymnasium's. Then GOLDEN=FOLDER make test runs on it. Every gradient is by automatic differentiation.
"""
import pathlib
import shutil
import sys

import torch
from torch.distributions import Categorical, Independent, Normal

torch.set_default_dtype(torch.float64)
here = pathlib.Path(__file__).parent


def text(x):
    return format(float(x), ".17g")


class Sheet:
    """Keys, and named matrices; vectors are columns."""

    def __init__(self, **keys):
        self.keys, self.tensors = keys, {}

    def add(self, **tensors):
        for name, tensor in tensors.items():
            tensor = torch.as_tensor(tensor, dtype=torch.float64).detach()
            self.tensors[name] = tensor.reshape(-1, 1) if tensor.dim() < 2 else tensor

    def gradients(self, loss, tag, **of):
        """dNAME_tag of every tensor that the loss depends on."""
        names = [name for name in of if of[name].requires_grad]
        found = [None] * len(names)  # the entropy of a constant sigma depends on nothing
        if loss.requires_grad:
            found = torch.autograd.grad(loss, [of[name] for name in names], retain_graph=True, allow_unused=True)
        self.add(**{f"d{name}_{tag}": torch.zeros_like(of[name]) if g is None else g for name, g in zip(names, found)})

    def write(self, name):
        lines = [f"# {key}: {value}" for key, value in self.keys.items()]
        lines += [f"# tensor: {name} {t.shape[0]} {t.shape[1]}" for name, t in self.tensors.items()]
        lines += ["tensor,row,col,value"]
        lines += [f"{name},{r},{c},{text(t[r, c])}" for name, t in self.tensors.items() for r in range(t.shape[0]) for c in range(t.shape[1])]
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n")


def net(sizes, scale=1.0):
    """W0, b0, W1, ... of a dense network."""
    parameters = {}
    for layer, (inputs, outputs) in enumerate(zip(sizes, sizes[1:])):
        parameters[f"W{layer}"] = (torch.randn(outputs, inputs) * scale / inputs**0.5).requires_grad_()
        parameters[f"b{layer}"] = (torch.randn(outputs) * 0.3).requires_grad_()
    return parameters


def forward(parameters, activation, x):
    layers = len(parameters) // 2
    for layer in range(layers):
        x = x @ parameters[f"W{layer}"].T + parameters[f"b{layer}"]
        if layer + 1 < layers:
            x = getattr(torch, activation)(x)
    return x


def shape(sizes):
    return "-".join(map(str, sizes))


def policy_losses(sheet, log_prob, entropy, weight, coefficient, of):
    x = of.pop("x")
    total = -(weight * log_prob).sum()
    sheet.add(loss_sum=total)
    sheet.gradients(total, "sum", **of, x=x)
    mean = total / len(weight)
    sheet.add(loss_mean=mean)
    sheet.gradients(mean, "mean", **of)
    sheet.add(entropy_sum=entropy.sum())
    sheet.gradients(entropy.sum(), "entropy", **of)
    sheet.gradients(mean - coefficient * entropy.mean(), "reg", **of)


def softmax(name, sizes, activation, batch, weight=None, scale=1.0):
    coefficient = 0.02
    sheet = Sheet(layers=shape(sizes), hidden_activation=activation, batch=batch, entropy_coefficient=coefficient)
    parameters, x = net(sizes, scale), torch.randn(batch, sizes[0], requires_grad=True)
    logits = forward(parameters, activation, x)
    policy = Categorical(logits=logits)
    action = policy.sample()
    weight = torch.randn(batch) * 2 if weight is None else weight
    log_probs, log_prob = torch.log_softmax(logits, 1), policy.log_prob(action)
    sheet.add(**parameters, x=x, action=action, weight=weight, logits=logits, probs=torch.softmax(logits, 1), log_probs=log_probs,
              logp=log_prob, cross_entropy=-log_prob, entropy=policy.entropy())
    policy_losses(sheet, log_prob, policy.entropy(), weight, coefficient, {**parameters, "logits": logits, "x": x})
    sheet.write(name)


def gaussian(name, sizes, activation, dimensions, mode, batch=7):
    coefficient = 0.03
    outputs = 2 * dimensions if mode == "heads" else dimensions
    sizes = [*sizes, outputs]
    sheet = Sheet(layers=shape(sizes), hidden_activation=activation, action_dim=dimensions, mode=mode, batch=batch,
                  entropy_coefficient=coefficient)
    parameters, x = net(sizes), torch.randn(batch, sizes[0], requires_grad=True)
    out = forward(parameters, activation, x)
    own = (torch.randn(dimensions) * 0.4).requires_grad_(mode == "param")
    mean = out[:, :dimensions]
    log_sigma = out[:, dimensions:] if mode == "heads" else own.expand_as(mean)
    policy = Independent(Normal(mean, log_sigma.exp()), 1)
    action, weight = policy.sample(), torch.randn(batch)
    sheet.add(**parameters, x=x, action=action, weight=weight, mean=mean, logp=policy.log_prob(action), entropy=policy.entropy())
    if mode != "heads":
        sheet.add(log_std_param=own)
    of = {**parameters, "out" if mode == "heads" else "mean": out, "log_std_param": own, "x": x}
    policy_losses(sheet, policy.log_prob(action), policy.entropy(), weight, coefficient, of)
    sheet.write(name)


def value(name, sizes, activation, batch=9):
    sheet = Sheet(layers=shape(sizes), hidden_activation=activation, batch=batch)
    parameters, x, target = net(sizes), torch.randn(batch, sizes[0], requires_grad=True), torch.randn(batch)
    v = forward(parameters, activation, x)
    error = v[:, 0] - target
    sheet.add(**parameters, x=x, target=target, value=v)
    for tag, loss in (("mean", (error**2).mean()), ("halfsum", (error**2).sum() / 2)):
        sheet.add(**{f"loss_{tag}": loss})
        sheet.gradients(loss, tag, **parameters, value=v, **({"x": x} if tag == "mean" else {}))
    sheet.write(name)


def ppo(name, sizes, activation, gauss, epsilon, coefficient, batch=15):
    sheet = Sheet(layers=shape(sizes), hidden_activation=activation, policy="gaussian, state-independent log_std" if gauss else "softmax",
                  batch=batch, clip_epsilon=text(epsilon), entropy_coefficient=text(coefficient))
    parameters, x = net(sizes), torch.randn(batch, sizes[0])
    out = forward(parameters, activation, x)
    own = (torch.randn(sizes[-1]) * 0.3).requires_grad_(gauss)
    policy = Independent(Normal(out, own.exp().expand_as(out)), 1) if gauss else Categorical(logits=out)
    action, advantage = policy.sample(), torch.randn(batch)
    advantage[8] = 0
    log_prob = policy.log_prob(action)
    ratio = torch.tensor([1.0, 1.0] + [1 + epsilon * k for k in torch.linspace(-2.3, 2.3, batch - 2).tolist()])
    old = (log_prob - ratio.log()).detach()
    old[:2] = log_prob[:2].detach()
    ratio = (log_prob - old).exp()
    objective = torch.min(ratio * advantage, ratio.clamp(1 - epsilon, 1 + epsilon) * advantage)
    flows = torch.autograd.grad(objective.sum(), log_prob, retain_graph=True)[0] != 0
    loss = -objective.mean()
    sheet.add(**parameters, x=x, action=action, advantage=advantage, old_logp=old, logp=log_prob, ratio=ratio, objective=objective,
              gradient_flows=flows, clip_fraction=((ratio - 1).abs() > epsilon).double().mean(), approx_kl=(ratio - 1 - ratio.log()).mean(),
              loss=loss)
    if gauss:
        sheet.add(log_std_param=own)
    of = {**parameters, "mean" if gauss else "logits": out, "log_std_param": own}
    sheet.gradients(loss, "loss", **of)
    sheet.gradients(loss - coefficient * policy.entropy().mean(), "reg", **of)
    sheet.write(name)


def extreme():
    rows = [[0, 0, 0], [2e4, 0, -2e4], [9e4, 9e4, 90001], [-500, 480, 475], [40, -40, 39]] + (torch.randn(6, 3) * 60).tolist()
    logits = torch.tensor(rows, requires_grad=True)
    policy = Categorical(logits=logits)
    action = torch.arange(len(rows)) % 3
    log_probs = torch.log_softmax(logits, 1)
    log_prob = log_probs[torch.arange(len(rows)), action]
    probs = log_probs.exp()
    entropy = -(probs * log_probs).sum(1)
    sheet = Sheet()
    sheet.add(logits=logits, action=action, probs=torch.softmax(logits, 1), log_probs=log_probs, logp=log_prob, entropy=entropy)
    sheet.gradients(-log_prob.sum(), "nll", logits=logits)
    sheet.gradients(entropy.sum(), "entropy", logits=logits)
    sheet.write("logits_extreme")


def table(name, keys, columns, rows):
    lines = [f"# {key}: {value}" for key, value in keys.items()] + [",".join(columns)]
    lines += [",".join(text(x) for x in row) for row in rows]
    (folder / f"{name}.csv").write_text("\n".join(lines) + "\n")


def returns():
    rows = []
    for sequence, (gamma, lamda, steps) in enumerate([(0.98, 0.9, 12), (1, 1, 7), (0.7, 0, 9), (0, 0.95, 5), (0.99, 0.95, 1)]):
        reward, values, after = (torch.randn(steps).tolist() for _ in range(3))
        terminated = [float(t % 5 == 3) for t in range(steps)]
        truncated = [float(t % 7 == 5) for t in range(steps)]
        ret, boot, advantage = [0.0] * steps, [0.0] * steps, [0.0] * steps
        for t in reversed(range(steps)):
            ends, last = terminated[t] or truncated[t], t + 1 == steps
            ret[t] = reward[t] + (0 if ends or last else gamma * ret[t + 1])
            beyond = 0 if terminated[t] else gamma * after[t]
            boot[t] = reward[t] + (beyond if ends or last else gamma * boot[t + 1])
            delta = reward[t] + beyond - values[t]
            advantage[t] = delta + (0 if ends or last else gamma * lamda * advantage[t + 1])
        mean = sum(ret) / steps
        deviation = (sum((r - mean) ** 2 for r in ret) / steps) ** 0.5
        for t in range(steps):
            delta = reward[t] + (0 if terminated[t] else gamma * after[t]) - values[t]
            rows.append([sequence, t, gamma, lamda, reward[t], values[t], after[t], terminated[t], truncated[t], ret[t], boot[t], delta,
                         advantage[t], advantage[t] + values[t], (ret[t] - mean) / (deviation + 1e-8)])
    table("returns_gae", {"eps of norm_biased": "1e-08"},
          "seq t gamma lambda reward value next_value terminated truncated ret ret_boot delta adv target norm_biased".split(), rows)


def optimizer(name, words, make, steps=14, count=5):
    parameter = torch.randn(count, requires_grad=True)
    optimizer, rows, memory = make([parameter]), [], []
    gradients = torch.randn(steps, count) * torch.tensor([1.0, 1e4, 0.0, 1e-8, 1.0])
    for step in range(steps + 1):
        if step > 0:
            parameter.grad = gradients[step - 1].clone()
            optimizer.step()
        state = optimizer.state[parameter] if optimizer.state else {}
        memory = [key for key in ("momentum_buffer", "exp_avg", "exp_avg_sq") if state.get(key) is not None]
        rows.append([[step], gradients[step - 1].tolist() if step else [0.0] * count, parameter.tolist(), *[state[key].tolist() for key in memory]])
    rows[0] += [[0.0] * count for _ in memory]
    columns = ["step"] + [f"{key}{i}" for key in ["g", "p", *memory] for i in range(count)]
    table(name, {"optimiser": name[len("optim_"):], "settings": words}, columns, [sum(row, []) for row in rows])


def clip():
    sheet = Sheet()
    for name, scale, max_norm in (("small", 0.1, 5.0), ("large", 3.0, 1.5), ("nothing", 0.0, 1.0)):
        g1, g2 = torch.randn(2, 5) * scale, torch.randn(3) * scale
        tensors = [torch.nn.Parameter(torch.zeros_like(g)) for g in (g1, g2)]
        for tensor, g in zip(tensors, (g1, g2)):
            tensor.grad = g.clone()
        norm = torch.nn.utils.clip_grad_norm_(tensors, max_norm)
        sheet.add(**{f"{name}_max_norm": max_norm, f"{name}_g1": g1, f"{name}_g2": g2, f"{name}_total_norm": norm,
                     f"{name}_clipped_g1": tensors[0].grad, f"{name}_clipped_g2": tensors[1].grad})
    sheet.write("clip_grad")


def reinforce(name, sizes, activation, gamma, words, make, updates=4):
    sheet = Sheet(layers=shape(sizes), hidden_activation=activation, updates=updates, gamma=text(gamma), optimiser=words)
    parameters = net(sizes)
    sheet.add(**{key: p.clone() for key, p in parameters.items()})
    optimizer = make(list(parameters.values()))
    for update in range(1, updates + 1):
        steps = 5 + 2 * update
        x, reward = torch.randn(steps, sizes[0]), torch.randn(steps)
        policy = Categorical(logits=forward(parameters, activation, x))
        action = policy.sample()
        ret = reward.clone()
        for t in reversed(range(steps - 1)):
            ret[t] += gamma * ret[t + 1]
        weight = (ret - ret.mean()) / (ret.std() + torch.finfo(torch.float32).eps)
        log_prob = policy.log_prob(action)
        loss = -(weight * log_prob).sum()
        optimizer.zero_grad()
        loss.backward()
        u = f"u{update}_"
        sheet.add(**{u + "x": x, u + "action": action, u + "reward": reward, u + "return": ret, u + "normalised": weight,
                     u + "logp": log_prob, u + "loss": loss})
        sheet.add(**{f"{u}d{key}": p.grad.clone() for key, p in parameters.items()})
        optimizer.step()
        sheet.add(**{u + key: p.clone() for key, p in parameters.items()})
    sheet.write(name)


if len(sys.argv) not in (2, 3):
    sys.exit("usage: python3 tests/golden/make.py FOLDER [SEED]")
target = pathlib.Path(sys.argv[1])
folder = target / "gradients"
folder.mkdir(parents=True)
torch.manual_seed(int(sys.argv[2]) if len(sys.argv) == 3 else 1)
for part in ("envs", "trajectories"):
    shutil.copytree(here / part, target / part)

softmax("softmax_3-2_none", [3, 2], "none", 5)
softmax("softmax_5-7-4_tanh", [5, 7, 4], "tanh", 11)
softmax("softmax_2-6-6-3_relu", [2, 6, 6, 3], "relu", 6)
softmax("softmax_corner_sure", [3, 9, 3], "sigmoid", 8, scale=30.0)
softmax("softmax_corner_weights", [3, 4, 2], "tanh", 6, weight=torch.tensor([0.0, -3.0, 1e3, 0.0, 1e-3, 7.0]))
for mode in ("fixed", "param", "heads"):
    gaussian(f"gaussian_{mode}_4-6_tanh_a2", [4, 6], "tanh", 2, mode)
    gaussian(f"gaussian_{mode}_3-5-5_relu_a1", [3, 5, 5], "relu", 1, mode)
value("value_3-9-1_sigmoid", [3, 9, 1], "sigmoid")
value("value_5-1_none", [5, 1], "none")
ppo("ppo_one", [4, 5, 3], "tanh", False, 0.25, 0.01)
ppo("ppo_two", [3, 6, 2], "relu", True, 0.15, 0.002)
extreme()
returns()
clip()
optimizer("optim_sgd", "lr=0.03", lambda p: torch.optim.SGD(p, 0.03))
optimizer("optim_sgd_heavy", "lr=0.07 momentum=0.6 weight_decay=0.02 nesterov",
          lambda p: torch.optim.SGD(p, 0.07, momentum=0.6, weight_decay=0.02, nesterov=True))
optimizer("optim_adam", "lr=0.004 betas=0.7 0.99 eps=1e-6", lambda p: torch.optim.Adam(p, 0.004, (0.7, 0.99), 1e-6))
optimizer("optim_adamw", "lr=0.002 betas=0.9 0.999 eps=1e-8 weight_decay=0.3 (decoupled)",
          lambda p: torch.optim.AdamW(p, 0.002, weight_decay=0.3))
reinforce("reinforce_one", [3, 5, 2], "tanh", 0.8, "sgd lr=0.02", lambda p: torch.optim.SGD(p, 0.02))
reinforce("reinforce_two", [2, 7, 4], "relu", 1.0, "adam lr=0.003", lambda p: torch.optim.Adam(p, 0.003))
print(f"{len(list(folder.iterdir()))} files: GOLDEN={target} make test")
