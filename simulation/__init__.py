"""The practice city: cameras, broker, sensors, walkers and their faults."""
