"""REINFORCE on CartPole in PyTorch, one thread: 4-64-2 tanh, Adam, the settings of make run-cartpole.

    torch_reinforce.py one|many EPISODES TIMESTEPS     prints timesteps and CPU seconds
`one` is the official example's way: one environment at a time, log_prob of each action kept for autograd. `many` plays
the episodes of an update side by side without a graph, and goes through all their steps once more in one batch."""
import sys
import time

import numpy as np
import torch

from cartpole import CartPole, play, weights_of

torch.set_num_threads(1)
torch.manual_seed(7)
SCALE = np.array([[2], [2], [16], [4]], np.float32)
rng = np.random.default_rng(7)
policy = torch.nn.Sequential(torch.nn.Linear(4, 64), torch.nn.Tanh(), torch.nn.Linear(64, 2))
with torch.no_grad():
    policy[2].weight *= 0.01
optimizer = torch.optim.Adam(policy.parameters(), lr=0.04, betas=(0.5, 0.9), maximize=True)


def logits_of(states):
    return policy(torch.from_numpy(np.ascontiguousarray((states * SCALE).T)))


def choose(states):
    with torch.no_grad():
        probs = torch.softmax(logits_of(states), 1)[:, 0].numpy()
    return (rng.random(probs.size) >= probs).astype(np.int64)


def side_by_side(episodes):
    states, actions, times, envs = play(episodes, rng, choose)
    log_probs = torch.log_softmax(logits_of(states), 1).gather(1, torch.from_numpy(actions)[:, None])[:, 0]
    return log_probs, times, envs


def one_by_one(episodes):
    env, log_probs, times, envs = CartPole(rng), [], [], []
    scale = torch.from_numpy(SCALE[:, 0])
    for episode in range(episodes):
        state, done, t = env.reset(), False, 0
        while not done:
            distribution = torch.distributions.Categorical(logits=policy(torch.tensor(state) * scale), validate_args=False)
            action = distribution.sample()
            log_probs.append(distribution.log_prob(action)), times.append(t), envs.append(episode)
            state, _, done = env.step(action.item())
            t += 1
    return torch.stack(log_probs), np.array(times), np.array(envs)


def update(episodes, many):
    log_probs, times, envs = side_by_side(episodes) if many else one_by_one(episodes)
    objective = log_probs @ torch.from_numpy(weights_of(times, envs, episodes))
    optimizer.zero_grad()
    objective.backward()
    optimizer.step()
    return times.size


style, episodes, timesteps = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
start, done = time.process_time(), 0
while done < timesteps:
    done += update(episodes, style == "many")
print(done, time.process_time() - start)
