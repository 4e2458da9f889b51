"""Pong as envs/pong.hpp has it, written a second time after docs/17-pong-from-pixels.md, section 1.

    pong.py SEED STEPS     plays up or down as a generator says, prints one line per decision: the golden trajectory"""
import sys

FIELD, PADDLE, BALL = 160, 16, 4  # heights; the ball is 2 wide, a paddle 4
SLOPES = (-2, -1, 1, 2)


def between(low, x, high):
    return max(low, min(high, x))


class Pong:
    """One game of 21 points. A picture is a set of (row, column) of the 80 x 80 pixels that are light."""

    def __init__(self, seed):
        self.random = seed
        for _ in range(4):
            self.draw()
        self.tick = self.draw() % 8
        self.won = self.lost = 0
        self.serve(1 if self.draw() % 2 else -1)

    def draw(self):
        self.random = (self.random * 1664525 + 1013904223) % 2**32
        return self.random // 2**16

    def serve(self, side):
        self.x, self.y = 79, 38 + self.draw() % 81
        self.vx, self.vy = 2 * side, SLOPES[self.draw() % 4]
        self.player = self.opponent = 72
        self.hits, self.wait = 0, 16

    def over(self):
        return 21 in (self.won, self.lost)

    def bounce(self, side, paddle):
        self.hits += 1
        speed = 2 if self.hits < 4 else 3 if self.hits < 12 else 4
        quarter = between(0, (self.y + BALL - paddle) * 4 // (PADDLE + BALL), 3)
        self.vx = side * speed
        self.vy = int(SLOPES[quarter] * speed / 2)  # towards 0

    def frame(self, up):
        self.tick += 1
        self.player = between(0, self.player + (-3 if up else 3), FIELD - PADDLE)
        if self.tick % 8:
            follow = between(-2, self.y + 2 - (self.opponent + 8), 2)
            self.opponent = between(0, self.opponent + follow, FIELD - PADDLE)
        if self.wait:
            self.wait -= 1
            return 0
        before = self.x
        self.x += self.vx
        self.y += self.vy
        if not 0 <= self.y <= FIELD - BALL:
            self.y = -self.y if self.y < 0 else 2 * (FIELD - BALL) - self.y
            self.vy = -self.vy

        def meets(paddle):
            return paddle - BALL < self.y < paddle + PADDLE

        if before <= 138 < self.x and meets(self.player):
            self.bounce(-1, self.player)
            self.x = 138
        elif self.x < 20 <= before and meets(self.opponent):
            self.bounce(1, self.opponent)
            self.x = 20
        if self.x < 4:
            self.won += 1
            self.serve(-1)
            return 1
        if self.x > 154:
            self.lost += 1
            self.serve(1)
            return -1
        return 0

    def step(self, up):
        for _ in range(4):
            reward = self.frame(up)
            if reward:
                return reward
        return 0

    def picture(self):
        boxes = [(16, self.opponent, 4, PADDLE), (140, self.player, 4, PADDLE)]
        if not self.wait:
            boxes.append((self.x, self.y, 2, BALL))
        return {(row // 2, column // 2) for x, y, width, height in boxes
                for row in range(y, y + height) if row % 2 == 0 for column in range(x, x + width) if column % 2 == 0}


def main():
    seed, steps = int(sys.argv[1]), int(sys.argv[2])
    game, state = Pong(seed), seed
    print("step,action,player,opponent,x,y,seen,won,lost,reward,lit,dark,checksum")
    before = game.picture()
    for step in range(steps + 1):
        action = reward = 0
        if step:
            state = (state * 69069 + 1) % 2**32
            near = game.player + 8 > game.y + 2  # follows the ball two times in three, so that there are rallies
            action = int(near if state >> 16 & 3 else state >> 20 & 1)
            reward = game.step(action)
        now = game.picture()
        lit, dark = sorted(now - before), sorted(before - now)
        checksum = sum((80 * r + c + 1) * (80 * r + c + 7) for r, c in lit) - 3 * sum((80 * r + c + 1) ** 2 for r, c in dark)
        print(step, action, game.player, game.opponent, game.x, game.y, int(not game.wait), game.won, game.lost, reward,
              len(lit), len(dark), checksum, sep=",")
        before = now
        if game.over():
            break


if __name__ == "__main__":
    main()
