// Draws everything live on the map: one canvas above the basemap, fed over the channel, hit-tested by hand.
// Text from outside only ever goes to the canvas or into textContent.
"use strict";
(function () {
  const TRAIL = 60; // positions kept of each moving thing
  const REACH = 12; // pixels within which a click counts as meant
  const map = window.watchroomMap();
  let bridge = null;
  let colours = {};
  let selected = null;
  let frameWhenShown = null;
  let cameras = []; // {no, lat, lon, bearing, ptz, face, name}
  let incidents = []; // {id, lat, lon, shape, colour, text}
  let labels = []; // {name, lat, lon, rank}
  const tracks = new Map(); // id -> {ring, count, colour, text, accuracy}

  const Layer = L.Layer.extend({
    onAdd(m) {
      this._map = m;
      this._canvas = L.DomUtil.create("canvas", "live", m.getPanes().overlayPane);
      this._canvas.style.pointerEvents = "none";
      m.on("moveend zoomend resize viewreset", this._place, this);
      this._place();
    },
    _place() {
      const size = this._map.getSize();
      const ratio = window.devicePixelRatio || 1;
      this._canvas.width = size.x * ratio;
      this._canvas.height = size.y * ratio;
      this._canvas.style.width = size.x + "px";
      this._canvas.style.height = size.y + "px";
      L.DomUtil.setPosition(this._canvas, this._map.containerPointToLayerPoint([0, 0]));
      this.dirty();
    },
    dirty() {
      if (!this._asked) {
        this._asked = requestAnimationFrame(() => {
          this._asked = 0;
          this._draw();
        });
      }
    },
    _draw() {
      const ratio = window.devicePixelRatio || 1;
      const g = this._canvas.getContext("2d");
      g.setTransform(ratio, 0, 0, ratio, 0, 0);
      g.clearRect(0, 0, this._canvas.width, this._canvas.height);
      drawLabels(g);
      drawCameras(g);
      drawTracks(g);
      drawIncidents(g);
    },
  });
  const layer = new Layer().addTo(map);

  // Web Mercator by hand: latLngToContainerPoint makes three objects a call.
  function projection() {
    const k = (256 * Math.pow(2, map.getZoom())) / (2 * Math.PI);
    const origin = map.getPixelBounds().min;
    const radians = Math.PI / 180;
    return {
      x: (lon) => k * (lon * radians + Math.PI) - origin.x,
      y: (lat) => k * (Math.PI - Math.log(Math.tan(Math.PI / 4 + (lat * radians) / 2))) - origin.y,
    };
  }

  function inside(x, y, margin) {
    const size = map.getSize();
    return x > -margin && y > -margin && x < size.x + margin && y < size.y + margin;
  }

  function drawLabels(g) {
    const p = projection();
    const zoom = map.getZoom();
    const taken = [];
    g.textAlign = "center";
    for (const label of labels) {
      if (label.rank === 2 ? zoom < 13 : zoom > 14) continue;
      const x = p.x(label.lon);
      const y = p.y(label.lat);
      if (!inside(x, y, 0)) continue;
      g.font = (label.rank === 1 ? "600 14px " : "12px ") + "NanumGothic, sans-serif";
      const half = g.measureText(label.name).width / 2 + 6;
      if (taken.some((t) => Math.abs(t.x - x) < t.half + half && Math.abs(t.y - y) < 18)) continue;
      taken.push({ x, y, half });
      g.fillStyle = colours.label;
      g.fillText(label.name, x, y);
    }
  }

  function drawCameras(g) {
    const p = projection();
    const zoom = map.getZoom();
    const radius = zoom < 13 ? 2.5 : zoom < 15 ? 3.5 : 5;
    for (const c of cameras) {
      const x = p.x(c.lon);
      const y = p.y(c.lat);
      if (!inside(x, y, 40)) continue;
      if (zoom >= 15 && c.bearing !== null) drawCone(g, x, y, c.bearing);
      g.beginPath();
      if (c.ptz) {
        const r = radius + 2;
        g.moveTo(x, y - r);
        g.lineTo(x + r, y);
        g.lineTo(x, y + r);
        g.lineTo(x - r, y);
        g.closePath();
      } else {
        g.arc(x, y, radius, 0, 2 * Math.PI);
      }
      g.lineWidth = 1;
      g.strokeStyle = colours.camera;
      if (c.face === "none") {
        g.stroke(); // in the register, no live picture
      } else {
        g.fillStyle = c.face === "lost" ? colours.lost : colours.camera;
        g.fill();
      }
      if (c.no === selected) {
        g.beginPath();
        g.arc(x, y, radius + 6, 0, 2 * Math.PI);
        g.lineWidth = 2;
        g.strokeStyle = colours.accent;
        g.stroke();
      }
    }
  }

  function drawCone(g, x, y, bearing) {
    const middle = ((bearing - 90) * Math.PI) / 180;
    g.beginPath();
    g.moveTo(x, y);
    g.arc(x, y, 26, middle - 0.5, middle + 0.5);
    g.closePath();
    g.fillStyle = colours.cone;
    g.fill();
  }

  function drawTracks(g) {
    const p = projection();
    for (const t of tracks.values()) {
      const n = Math.min(t.count, TRAIL);
      if (!n) continue;
      g.beginPath();
      for (let j = t.count - n; j < t.count; j++) {
        const at = (j % TRAIL) * 2;
        const x = p.x(t.ring[at + 1]);
        const y = p.y(t.ring[at]);
        if (j === t.count - n) g.moveTo(x, y);
        else g.lineTo(x, y);
      }
      g.lineWidth = 2;
      g.strokeStyle = t.colour;
      g.stroke();
      const last = ((t.count - 1) % TRAIL) * 2;
      const x = p.x(t.ring[last + 1]);
      const y = p.y(t.ring[last]);
      g.beginPath();
      g.arc(x, y, 6, 0, 2 * Math.PI);
      g.fillStyle = t.colour;
      g.fill();
      g.lineWidth = 2;
      g.strokeStyle = colours.field;
      g.stroke();
      tag(g, x, y, t.text);
    }
  }

  function drawIncidents(g) {
    const p = projection();
    for (const i of incidents) {
      const x = p.x(i.lon);
      const y = p.y(i.lat);
      if (!inside(x, y, 60)) continue;
      g.beginPath();
      g.arc(x, y, 15, 0, 2 * Math.PI);
      g.fillStyle = colours.field;
      g.fill();
      g.lineWidth = 3;
      g.strokeStyle = i.colour;
      g.stroke();
      g.font = "600 16px NanumGothic, sans-serif";
      g.textAlign = "center";
      g.textBaseline = "middle";
      g.fillStyle = i.colour;
      g.fillText(i.shape, x, y + 1);
      g.textBaseline = "alphabetic";
      tag(g, x, y + 4, i.text);
    }
  }

  function tag(g, x, y, text) {
    if (!text) return;
    g.font = "600 12px NanumGothic, sans-serif";
    g.textAlign = "left";
    const width = g.measureText(text).width;
    g.fillStyle = colours.field;
    g.fillRect(x + 20, y - 11, width + 8, 18);
    g.fillStyle = colours.text;
    g.fillText(text, x + 24, y + 2);
  }

  function nearest(point) {
    const p = projection();
    let best = null;
    const offer = (kind, thing, reach) => {
      const d = Math.hypot(p.x(thing.lon) - point.x, p.y(thing.lat) - point.y);
      if (d <= reach && (!best || d < best.d)) best = { kind, thing, d };
    };
    for (const i of incidents) offer("incident", i, 18);
    if (!best) for (const c of cameras) offer("camera", c, REACH);
    return best;
  }

  const tip = L.DomUtil.create("div", "tip", map.getContainer());
  map.on("mousemove", (e) => {
    const hit = nearest(e.containerPoint);
    map.getContainer().style.cursor = hit ? "pointer" : "";
    tip.style.display = hit ? "block" : "none";
    if (!hit) return;
    tip.textContent = hit.kind === "camera" ? hit.thing.no + "  " + hit.thing.name : hit.thing.text;
    tip.style.left = e.containerPoint.x + 14 + "px";
    tip.style.top = e.containerPoint.y + 14 + "px";
  });
  map.on("click", (e) => {
    const hit = nearest(e.containerPoint);
    if (!hit || !bridge) return;
    if (hit.kind === "camera") bridge.camera_clicked(hit.thing.no);
    else bridge.incident_clicked(hit.thing.id);
  });

  function track(t) {
    let known = tracks.get(t.id);
    if (!known) {
      known = { ring: new Float64Array(TRAIL * 2), count: 0 };
      tracks.set(t.id, known);
    }
    const at = (known.count % TRAIL) * 2;
    known.ring[at] = t.lat;
    known.ring[at + 1] = t.lon;
    known.count++;
    known.colour = t.colour;
    known.text = t.text;
  }

  const takes = {
    colours: (value) => {
      colours = value;
    },
    labels: (value) => {
      labels = value;
    },
    cameras: (value) => {
      cameras = value;
    },
    incidents: (value) => {
      incidents = value;
    },
    tracks: (value) => value.forEach(track),
    select: (value) => {
      selected = value;
    },
    view: (value) => map.setView([value.lat, value.lon], value.zoom || map.getZoom(), { animate: false }),
    frame: (value) => {
      // A hidden map has no size, and fitting into nothing ends at the highest zoom: wait until it is shown.
      frameWhenShown = map.getSize().x ? null : value;
      if (!frameWhenShown) map.fitBounds(value, { animate: false, padding: [8, 8] });
    },
  };

  map.on("resize", () => {
    if (frameWhenShown && map.getSize().x) takes.frame(frameWhenShown);
  });

  new QWebChannel(qt.webChannelTransport, (channel) => {
    bridge = channel.objects.bridge;
    bridge.pushed.connect((text) => {
      const message = JSON.parse(text);
      for (const key of Object.keys(message)) if (takes[key]) takes[key](message[key]);
      layer.dirty();
      requestAnimationFrame(() => requestAnimationFrame(() => bridge.drawn(message.serial || 0, cameras.length + incidents.length + tracks.size)));
    });
    map.whenReady(() => bridge.ready());
  });
})();
