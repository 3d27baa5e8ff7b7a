"""The two profiles: the few examples of every run, and the thousands of a long one."""

import os

from hypothesis import HealthCheck, settings

# A busy machine may stall one example for longer than Hypothesis allows by itself.
BUSY = (HealthCheck.too_slow, HealthCheck.data_too_large)
settings.register_profile("short", deadline=None, derandomize=True, suppress_health_check=BUSY)
EXAMPLES = int(os.environ.get("HYPOTHESIS_EXAMPLES", "3000"))
settings.register_profile("long", deadline=None, max_examples=EXAMPLES, suppress_health_check=BUSY, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "short"))
