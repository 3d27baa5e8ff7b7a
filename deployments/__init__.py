"""How it runs: the deployments, the flow server, and `up`, which runs everything on one machine."""
