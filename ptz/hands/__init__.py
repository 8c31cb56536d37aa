"""Joysticks, gamepads and surveillance keyboards: what is plugged in, and what is done with it."""
