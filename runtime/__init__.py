"""Wiring: settings, database, clock, language, logs. Used by cli, deployments, flows and web only."""
