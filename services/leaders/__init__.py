"""What one leader wants to know in one minute (领导视图): `me` puts it together from what the boards and desks know."""
