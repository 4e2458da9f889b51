"""CartPole-v1 for the peers: one environment in plain Python, and many in NumPy arrays. Both start within 0.05 of 0,
end beyond 2.4 m or 12 degrees, and stop after 500 steps."""
import math

import numpy as np

LIMIT = 500


class CartPole:
    """One environment, the usual loop: floats and the math module are faster here than arrays of one."""

    def __init__(self, rng):
        self.rng = rng

    def reset(self):
        self.x, self.x_dot, self.theta, self.theta_dot = self.rng.uniform(-0.05, 0.05, 4).tolist()
        self.t = 0
        return self.x, self.x_dot, self.theta, self.theta_dot

    def step(self, action):
        sine, cosine = math.sin(self.theta), math.cos(self.theta)
        q = ((10.0 if action else -10.0) + 0.05 * self.theta_dot * self.theta_dot * sine) / 1.1
        theta_acc = (9.8 * sine - cosine * q) / (0.5 * (4.0 / 3.0 - 0.1 * cosine * cosine / 1.1))
        x_acc = q - 0.05 * theta_acc * cosine / 1.1
        self.x += 0.02 * self.x_dot
        self.x_dot += 0.02 * x_acc
        self.theta += 0.02 * self.theta_dot
        self.theta_dot += 0.02 * theta_acc
        self.t += 1
        done = abs(self.x) > 2.4 or abs(self.theta) > 0.20943951 or self.t == LIMIT
        return (self.x, self.x_dot, self.theta, self.theta_dot), 1.0, done


def play(count, rng, choose):
    """Plays `count` episodes side by side; choose(states) gives an action per running environment, states 4 x envs.
    Returns states 4 x steps, actions, and the time and environment of each step. Those that ended are left out."""
    states = rng.uniform(-0.05, 0.05, (4, count)).astype(np.float32)
    envs = np.arange(count)
    all_states, all_actions, all_envs = [], [], []
    for _ in range(LIMIT):
        actions = choose(states)
        all_states.append(states), all_actions.append(actions), all_envs.append(envs)
        x, x_dot, theta, theta_dot = states
        sine, cosine = np.sin(theta), np.cos(theta)
        force = np.where(actions, np.float32(10), np.float32(-10))
        q = (force + np.float32(0.05) * theta_dot * theta_dot * sine) / np.float32(1.1)
        theta_acc = (np.float32(9.8) * sine - cosine * q) / (np.float32(2 / 3) - np.float32(0.05 / 1.1) * cosine * cosine)
        x_acc = q - np.float32(0.05 / 1.1) * theta_acc * cosine
        dt = np.float32(0.02)
        states = np.stack((x + dt * x_dot, x_dot + dt * x_acc, theta + dt * theta_dot, theta_dot + dt * theta_acc))
        running = (np.abs(states[0]) <= 2.4) & (np.abs(states[2]) <= 0.20943951)
        if not running.all():
            states, envs = states[:, running], envs[running]
            if envs.size == 0:
                break
    times = np.repeat(np.arange(len(all_envs)), [w.size for w in all_envs])
    return np.concatenate(all_states, 1), np.concatenate(all_actions), times, np.concatenate(all_envs)


def weights_of(times, envs, count):
    """Return from each step on (reward 1, no discount), minus the mean of the other episodes from that step on."""
    lengths = np.bincount(envs, minlength=count)
    to_go = np.maximum(lengths[None, :] - np.arange(LIMIT)[:, None], 0).astype(np.float32)
    others = (to_go.sum(1, keepdims=True) - to_go) / (count - 1)
    return ((to_go - others) / count)[times, envs]
