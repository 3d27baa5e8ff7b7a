"""What is true: states, rules and tables. No session, no clock, no settings."""
