"""The parts of the workload."""
