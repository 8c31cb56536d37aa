"""ONVIF: finding, moving and stopping cameras."""
