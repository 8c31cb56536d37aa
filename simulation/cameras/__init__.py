"""The practice city's cameras: RTSP streams, PTZ heads behind ONVIF, and faults on request."""
