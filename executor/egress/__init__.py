"""The one way out: a gateway that dials on behalf of sandboxes, by name, rule and limit, and records each call."""
