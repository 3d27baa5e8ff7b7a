"""How people log in: passwords, one-time keys, second factor, identities, sessions' ends, and the record of all this.

Times are real ones (runtime.clock.true_now), not a demo city's. What must be counted even when it is refused commits by
itself and takes `sessions`; the rest takes `session`, and the caller commits.
"""
