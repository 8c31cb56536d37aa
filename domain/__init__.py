"""What the room speaks of: cameras, events, alarms, incidents, readings, and their rules."""
