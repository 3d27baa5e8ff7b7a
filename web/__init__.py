"""What people see: pages. So far the first one (health, counts per state, links), with aggregate numbers only."""
