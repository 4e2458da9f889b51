# The program of the question, mended: REINFORCE balances a pole.    docs/09-cartpole.md
# python3 docs/programs/asker.py 3 is seed 3. run_textbook.cpp is this page in C++.

# region start
import sys
try: import numpy as np
except ImportError: sys.exit("asker.py: expected NumPy, got none: apt-get install python3-numpy, or pip install numpy")

rng = np.random.default_rng(int(sys.argv[-1]) if len(sys.argv) > 1 else 0)  # the seed
# endregion start


# region policy
class Policy:  # 4 inputs, 32 tanh units, 2 logits
    def __init__(self):
        self.weights = np.zeros(32 * 4 + 32 + 2 * 32 + 2)  # all in one row
        W1, self.b1, W2, self.b2 = np.split(self.weights, [128, 160, 224])  # parts of that row, not copies
        self.W1, self.W2 = W1.reshape(32, 4), W2.reshape(2, 32)
        self.W1[:] = rng.uniform(-1, 1, (32, 4)) * np.sqrt(3 / 4)
        self.W2[:] = rng.uniform(-1, 1, (2, 32)) * np.sqrt(3 / 32) * 0.01

    def feedforward(self, state):
        self.x = state * [2, 2, 16, 4]
        self.h = np.tanh(self.W1 @ self.x + self.b1)
        z = self.W2 @ self.h + self.b2
        e = np.exp(z - z.max())
        return e / e.sum()

    def backpropagate(self, d):  # d: the derivatives along the logits z; after feedforward
        dh = (self.W2.T @ d) * (1 - self.h**2)
        return np.concatenate([np.outer(dh, self.x).flat, dh, np.outer(d, self.h).flat, d])
# endregion policy


# region choose
def choose_action_from(probs):
    return 0 if rng.random() < probs[0] else 1
# endregion choose


# region physics
def step(state, action):
    x, x_dot, theta, theta_dot = state
    sin, cos, force = np.sin(theta), np.cos(theta), 10 if action == 1 else -10
    q = (force + 0.05 * theta_dot**2 * sin) / 1.1
    theta_acc = (9.8 * sin - cos * q) / (0.5 * (4 / 3 - 0.1 * cos**2 / 1.1))
    x_acc = q - 0.05 * theta_acc * cos / 1.1
    state = state + 0.02 * np.array([x_dot, x_acc, theta_dot, theta_acc])
    return state, 1, abs(state[0]) > 2.4 or abs(state[2]) > np.radians(12)
# endregion physics


# region play
def play(policy):
    episode, state, over = [], rng.uniform(-0.05, 0.05, 4), False
    while not over and len(episode) < 500:
        probs = policy.feedforward(state)
        action = choose_action_from(probs)
        next_state, reward, over = step(state, action)
        episode.append((state, action, reward))
        state = next_state
    return episode
# endregion play


# region loop
policy, m, v, timesteps = Policy(), 0, 0, 0
for update in range(1, 101):
# endregion loop
# region returns
    episodes, G = [play(policy) for _ in range(8)], np.zeros((8, 501))  # G is 0 after the end
    for e, episode in enumerate(episodes):
        for t in reversed(range(len(episode))):
            G[e, t] = episode[t][2] + G[e, t + 1]  # the reward, and what follows
    baseline = (G.sum(axis=0) - G) / 7  # the mean of the other seven
# endregion returns
# region inject
    gradient = np.zeros_like(policy.weights)
    for e, episode in enumerate(episodes):
        for t, (state, action, reward) in enumerate(episode):
            d = -policy.feedforward(state)
            d[action] += 1
            d *= (G[e, t] - baseline[e, t]) / 8
            gradient += policy.backpropagate(d)
# endregion inject
# region climb
    m, v = 0.5 * m + 0.5 * gradient, 0.9 * v + 0.1 * gradient**2  # Adam
    policy.weights += 0.04 * m / (1 - 0.5**update) / (np.sqrt(v / (1 - 0.9**update)) + 1e-8)
# endregion climb
# region report
    timesteps, mean = timesteps + sum(map(len, episodes)), G[:, 0].mean()
    print(f"update {update:3}: {timesteps:6} timesteps, return {mean:7.3f}, gradient {np.linalg.norm(gradient):9.4f}")
    if mean >= 475 and (fresh := np.mean([len(play(policy)) for _ in range(100)])) >= 475:
        sys.exit(print(f"solved after {timesteps} timesteps: 100 fresh episodes have a mean return of {fresh:.1f}"))
sys.exit(f"not solved after {timesteps} timesteps")
# endregion report
