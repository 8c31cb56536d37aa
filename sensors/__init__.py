"""What the field sends over MQTT."""
