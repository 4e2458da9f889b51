"""REINFORCE on Pong from pixels in NumPy, as "Pong from Pixels" does it: 6400-200-1, relu, one sigmoid output, returns that
start anew at each point and are whitened over the batch, RMSProp. The game is that of envs/pong.hpp.

    numpy_pong.py float64|float32 one|many GAMES TIMESTEPS     prints timesteps and CPU seconds
`one` plays one game at a time; `many` plays the games of an update side by side. The update is the same. NumPy takes
float64 unless it is told otherwise, and so does the blog."""
import sys
import time

import numpy as np

from pong import Pong

number = np.dtype(sys.argv[1])
rng = np.random.default_rng(7)
W1 = (rng.standard_normal((200, 6400)) / 80).astype(number)
W2 = (rng.standard_normal((1, 200)) / np.sqrt(200)).astype(number)
cache = [np.zeros_like(W1), np.zeros_like(W2)]


def picture(game):
    pixels = np.zeros((80, 80), number)
    pixels[(game.opponent + 1) // 2:(game.opponent + 17) // 2, 8:10] = 1
    pixels[(game.player + 1) // 2:(game.player + 17) // 2, 70:72] = 1
    if not game.wait:
        pixels[(game.y + 1) // 2:(game.y + 5) // 2, (game.x + 1) // 2] = 1  # 2 wide: one column
    return pixels.ravel()


def play(count):
    """Plays `count` games side by side. Returns states 6400 x steps, hidden 200 x steps, y - p, and the returns."""
    games = [Pong(int(seed)) for seed in rng.integers(2**32, size=count)]
    before, steps = [picture(g) for g in games], [[] for _ in games]
    running = list(range(count))
    while running:
        now = {n: picture(games[n]) for n in running}
        x = np.stack([now[n] - before[n] for n in running], 1)
        h = np.maximum(W1 @ x, 0)
        p = 1 / (1 + np.exp(-(W2 @ h)[0]))
        up = rng.random(len(running)) < p
        for k, n in enumerate(running):
            steps[n].append((x[:, k], h[:, k], up[k] - p[k], games[n].step(up[k])))
            before[n] = now[n]
        running = [n for n in running if not games[n].over()]
    returns = []
    for of_game in steps:
        following, G = 0.0, []
        for *_, reward in reversed(of_game):
            following = reward if reward else 0.99 * following
            G.append(following)
        returns += G[::-1]
    all_steps = [step for of_game in steps for step in of_game]
    return (np.stack([s[0] for s in all_steps], 1), np.stack([s[1] for s in all_steps], 1),
            np.array([s[2] for s in all_steps], number), np.array(returns, number))


def gradients(batches):
    """Of some batches, whose returns are whitened over all of them."""
    G = np.concatenate([b[3] for b in batches])
    mean, deviation, total = G.mean(), G.std(), [0, 0]
    for x, h, difference, returns in batches:
        injected = difference * (returns - mean) / deviation  # (y - p) * return
        total[1] = total[1] + injected @ h.T
        total[0] = total[0] + ((W2.T * injected) * (h > 0)) @ x.T
    return total


def update(count, many):
    batches = [play(count)] if many else [play(1) for _ in range(count)]
    for i, (W, g) in enumerate(zip((W1, W2), gradients(batches))):
        cache[i][:] = 0.99 * cache[i] + 0.01 * g * g
        W += 0.001 * g / (np.sqrt(cache[i]) + 1e-5)
    return sum(b[3].size for b in batches)


style, episodes, timesteps = sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
start, done = time.process_time(), 0
while done < timesteps:
    done += update(episodes, style == "many")
print(done, time.process_time() - start)
