"""When it happens: Prefect wakes a service. No rule and no SQL here; one file per flow and per stage of an issue."""
