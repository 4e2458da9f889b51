"""REINFORCE on CartPole in NumPy: 4-64-2 tanh, Adam, leave-one-out baseline, the settings of make run-cartpole.

    numpy_reinforce.py one|many EPISODES TIMESTEPS     prints timesteps and CPU seconds
`one` plays one environment at a time; `many` plays the episodes of an update side by side. The update is the same."""
import sys
import time

import numpy as np

from cartpole import CartPole, play, weights_of

SCALE = np.array([[2], [2], [16], [4]], np.float32)
rng = np.random.default_rng(7)


def layer(outputs, inputs, gain):
    limit = gain * np.sqrt(3 / inputs)
    return rng.uniform(-limit, limit, (outputs, inputs)).astype(np.float32), np.zeros((outputs, 1), np.float32)


parameters = [*layer(64, 4, 1), *layer(2, 64, 0.01)]
m = [np.zeros_like(p) for p in parameters]
v = [np.zeros_like(p) for p in parameters]


def forward(states):
    W1, b1, W2, b2 = parameters
    hidden = np.tanh(W1 @ states + b1)
    z = W2 @ hidden + b2
    e = np.exp(z - z.max(0))
    return hidden, e / e.sum(0)


def choose(states):
    _, probs = forward(states * SCALE)
    return (rng.random(states.shape[1]) >= probs[0]).astype(np.int64)


def play_one_by_one(episodes):
    env, states, actions, times, envs = CartPole(rng), [], [], [], []
    for episode in range(episodes):
        state, done, t = env.reset(), False, 0
        while not done:
            _, probs = forward(np.array(state, np.float32)[:, None] * SCALE)
            action = int(rng.random() >= probs[0, 0])
            states.append(state), actions.append(action), times.append(t), envs.append(episode)
            state, _, done = env.step(action)
            t += 1
    return np.array(states, np.float32).T, np.array(actions), np.array(times), np.array(envs)


def update(number, episodes, many):
    states, actions, times, envs = play(episodes, rng, choose) if many else play_one_by_one(episodes)
    states = states * SCALE
    hidden, probs = forward(states)
    injected = -probs
    injected[actions, np.arange(actions.size)] += 1  # (one_hot - probs) * weight
    injected *= weights_of(times, envs, episodes)
    dhidden = (parameters[2].T @ injected) * (1 - hidden * hidden)
    gradients = [dhidden @ states.T, dhidden.sum(1, keepdims=True), injected @ hidden.T, injected.sum(1, keepdims=True)]
    for i, g in enumerate(gradients):  # Adam, upwards
        m[i] += 0.5 * (g - m[i])
        v[i] += 0.1 * (g * g - v[i])
        parameters[i] += 0.04 * (m[i] / (1 - 0.5**number)) / (np.sqrt(v[i] / (1 - 0.9**number)) + 1e-8)
    return actions.size


style, episodes, timesteps = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
start, done, number = time.process_time(), 0, 0
while done < timesteps:
    number += 1
    done += update(number, episodes, style == "many")
print(done, time.process_time() - start)
