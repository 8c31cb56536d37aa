// Draws everything live on the map: one canvas above the basemap, fed over the channel, hit-tested by hand.
// Text from outside only ever goes to the canvas or into textContent.
"use strict";
(function () {
  const TRAIL = 60; // positions kept of each moving thing
  const REACH = 12; // pixels within which a click counts as meant
  const MARK = 15; // radius of an incident's mark
  const TOGETHER = 32; // incidents nearer than this on the screen share one mark with a count
  const FULL = 640; // pixels: a map smaller than this is looked at from higher up
  const FAMILY = "NanumGothic, sans-serif";
  const TAG_FONT = "600 12px " + FAMILY;
  const map = window.watchroomMap();
  let bridge = null;
  let colours = {};
  let selected = null;
  let frameWhenShown = null;
  let cameras = []; // {no, lat, lon, bearing, ptz, face, name}
  let incidents = []; // {id, lat, lon, shape, colour, rank, text}, the most urgent first
  let groups = []; // {x, y, of: incidents at one place}, as drawn last
  let labels = []; // {name, lat, lon, rank}
  let cones = new Map(); // no -> {bearing, across, reach}: where cameras look now
  let picking = false; // clicks are places, not things
  let pointer = null; // where the mouse is on the map, null outside
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
      groups = grouped();
      const taken = groups.map((i) => box(i.x - MARK - 8, i.y - MARK - 8, 2 * MARK + 8, 2 * MARK + 8)); // with its count
      const tags = placeTags(g, taken);
      drawCameras(g);
      drawLabels(g, taken);
      drawTracks(g);
      drawIncidents(g);
      for (const tag of tags) drawTag(g, tag);
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

  function box(x, y, w, h) {
    return { x, y, w, h };
  }

  function meet(a, b) {
    return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
  }

  function free(b, taken) {
    const size = map.getSize();
    return b.x >= 2 && b.y >= 2 && b.x + b.w <= size.x - 2 && b.y + b.h <= size.y - 2 && !taken.some((t) => meet(b, t));
  }

  // Incidents that would lie over each other share the mark of the most urgent.
  function grouped() {
    const p = projection();
    const found = [];
    for (const i of incidents) {
      const x = p.x(i.lon);
      const y = p.y(i.lat);
      if (!inside(x, y, 60)) continue;
      const near = found.find((other) => Math.hypot(other.x - x, other.y - y) < TOGETHER);
      if (near) near.of.push(i);
      else found.push({ x, y, of: [i] });
    }
    return found;
  }

  function shortened(g, text, room) {
    if (g.measureText(text).width <= room) return text;
    let kept = text;
    while (kept && g.measureText(kept + "…").width > room) kept = kept.slice(0, -1);
    return kept.trimEnd() + "…";
  }

  // A tag stands right of its mark, or left, below or above where there is room; where there is none the mark alone does.
  function placeTags(g, taken) {
    const p = projection();
    const room = Math.min(240, map.getSize().x * 0.6);
    const wanted = groups.map((i) => ({ x: i.x, y: i.y, r: MARK, text: i.of[0].text }));
    for (const t of tracks.values()) {
      const last = ((t.count - 1) % TRAIL) * 2;
      if (t.count) wanted.push({ x: p.x(t.ring[last + 1]), y: p.y(t.ring[last]), r: 6, text: t.text });
    }
    const tags = [];
    g.font = TAG_FONT;
    for (const w of wanted) {
      if (!w.text || !inside(w.x, w.y, 0)) continue;
      const text = shortened(g, w.text, room);
      const width = g.measureText(text).width + 8;
      const found = [
        box(w.x + w.r + 5, w.y - 9, width, 18),
        box(w.x - w.r - 9 - width, w.y - 9, width, 18),
        box(w.x - width / 2, w.y + w.r + 4, width, 18),
        box(w.x - width / 2, w.y - w.r - 28, width, 18),
      ].find((b) => free(b, taken));
      if (!found) continue;
      taken.push(found);
      tags.push({ at: found, text });
    }
    return tags;
  }

  function drawTag(g, tag) {
    g.font = TAG_FONT;
    g.textAlign = "left";
    g.fillStyle = colours.field;
    g.fillRect(tag.at.x, tag.at.y, tag.at.w, tag.at.h);
    g.fillStyle = colours.text;
    g.fillText(tag.text, tag.at.x + 4, tag.at.y + 13);
  }

  function drawLabels(g, taken) {
    const p = projection();
    const zoom = map.getZoom();
    const size = map.getSize();
    g.textAlign = "center";
    g.lineJoin = "round";
    for (const label of labels) {
      if (label.rank === 2 ? zoom < 13 : zoom > 14) continue;
      const x = p.x(label.lon);
      const y = p.y(label.lat);
      g.font = (label.rank === 1 ? "600 14px " : "12px ") + FAMILY;
      const half = g.measureText(label.name).width / 2 + 4;
      const at = box(x - half, y - 13, 2 * half, 18);
      if (at.y + at.h > size.y - 20 || !free(at, taken)) continue;
      taken.push(at);
      g.lineWidth = 4;
      g.strokeStyle = colours.land; // keeps the name apart from the cameras under it
      g.strokeText(label.name, x, y);
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
      g.globalAlpha = c.face === "none" ? 0.6 : 1; // in the register, no live picture: quieter
      const seen = cones.get(c.no);
      if (seen) {
        if (zoom >= 13) drawSeen(g, x, y, seen, metre(c.lat));
      } else if (zoom >= (c.face === "none" ? 16.5 : 15) && c.bearing !== null) drawCone(g, x, y, c.bearing);
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
        g.stroke();
      } else {
        g.fillStyle = c.face === "lost" ? colours.lost : colours.camera;
        g.fill();
      }
      g.globalAlpha = 1;
      if (c.no === selected) {
        g.beginPath();
        g.arc(x, y, radius + 6, 0, 2 * Math.PI);
        g.lineWidth = 2;
        g.strokeStyle = colours.accent;
        g.stroke();
      }
    }
  }

  // What a camera sees, as far as it makes people out; never so small that its direction could not be told.
  function drawSeen(g, x, y, seen, metre) {
    const middle = ((seen.bearing - 90) * Math.PI) / 180;
    const half = Math.max(0.03, (seen.across * Math.PI) / 360);
    g.beginPath();
    g.moveTo(x, y);
    g.arc(x, y, Math.max(26, seen.reach * metre), middle - half, middle + half);
    g.closePath();
    g.fillStyle = colours.cone;
    g.fill();
    g.lineWidth = 1;
    g.strokeStyle = colours.camera;
    g.stroke();
  }

  // Pixels for each metre on the ground.
  function metre(lat) {
    return (256 * Math.pow(2, map.getZoom())) / (40030230 * Math.cos((lat * Math.PI) / 180));
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
    }
  }

  function drawIncidents(g) {
    g.textAlign = "center";
    g.textBaseline = "middle";
    for (const { x, y, of } of groups.slice().reverse()) {
      g.beginPath();
      g.arc(x, y, MARK, 0, 2 * Math.PI);
      g.fillStyle = colours.field;
      g.fill();
      g.lineWidth = 3;
      g.strokeStyle = of[0].colour;
      g.stroke();
      g.font = "600 16px " + FAMILY;
      g.fillStyle = of[0].colour;
      g.fillText(of[0].shape, x, y + 1);
      if (of.length > 1) drawCount(g, x - MARK + 2, y - MARK + 2, of.length);
    }
    g.textBaseline = "alphabetic";
  }

  function drawCount(g, x, y, count) {
    g.font = TAG_FONT;
    const half = Math.max(9, g.measureText(count).width / 2 + 5);
    g.fillStyle = colours.text;
    g.fillRect(x - half, y - 9, 2 * half, 18);
    g.fillStyle = colours.field;
    g.fillText(count, x, y + 1);
  }

  function nearest(point) {
    const p = projection();
    let best = null;
    const offer = (kind, thing, x, y, reach) => {
      const d = Math.hypot(x - point.x, y - point.y);
      if (d <= reach && (!best || d < best.d)) best = { kind, thing, d };
    };
    for (const i of groups) offer("incident", i.of, i.x, i.y, MARK + 3);
    if (!best) for (const c of cameras) offer("camera", c, p.x(c.lon), p.y(c.lat), REACH);
    return best;
  }

  const tip = L.DomUtil.create("div", "tip", map.getContainer());
  map.on("mousemove", (e) => {
    pointer = e.latlng || null;
    const hit = nearest(e.containerPoint);
    map.getContainer().style.cursor = picking ? "crosshair" : hit ? "pointer" : "";
    tip.style.display = hit ? "block" : "none";
    if (!hit) return;
    tip.textContent = hit.kind === "camera" ? hit.thing.no + "  " + hit.thing.name : listed(hit.thing);
    tip.style.left = e.containerPoint.x + 14 + "px";
    tip.style.top = e.containerPoint.y + 14 + "px";
  });
  map.on("mouseout", () => {
    pointer = null;
    tip.style.display = "none";
  });
  map.on("contextmenu", (e) => {
    if (bridge) bridge.menu_asked(e.latlng.lat, e.latlng.lng, Math.round(e.containerPoint.x), Math.round(e.containerPoint.y));
  });
  map.on("click", (e) => {
    if (picking && bridge) {
      bridge.placed("pick", e.latlng.lat, e.latlng.lng);
      return;
    }
    const hit = nearest(e.containerPoint);
    if (!hit || !bridge) return;
    if (hit.kind === "camera") bridge.camera_clicked(hit.thing.no);
    else bridge.incident_clicked(hit.thing[0].id);
  });

  function listed(of) {
    const lines = of.slice(0, 8).map((i) => i.shape + " " + i.text);
    if (of.length > 8) lines.push("+" + (of.length - 8));
    return lines.join("\n");
  }

  // How much further up a small map is looked at from, in zoom levels; a map that is not shown yet counts as small.
  function higher(size) {
    const least = Math.min(size.x, size.y) || FULL / 2;
    return Math.min(0, Math.round(2 * Math.log2(least / FULL)) / 2);
  }

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
      incidents = value.slice().sort((a, b) => a.rank - b.rank);
    },
    tracks: (value) => value.forEach(track),
    cones: (value) => {
      cones = new Map(value.map((c) => [c.no, c]));
    },
    picking: (value) => {
      picking = value;
      map.getContainer().style.cursor = value ? "crosshair" : "";
    },
    pointer: (wish) => {
      if (pointer) bridge.placed(wish, pointer.lat, pointer.lng);
      else bridge.placed_nowhere(wish);
    },
    select: (value) => {
      selected = value;
    },
    view: (value) => {
      frameWhenShown = null;
      const zoom = value.zoom ? value.zoom + higher(map.getSize()) : map.getZoom();
      map.setView([value.lat, value.lon], zoom, { animate: false });
    },
    frame: (value) => {
      // A hidden map has no size, and fitting into nothing ends at the highest zoom: wait until it is shown.
      frameWhenShown = map.getSize().x ? null : value;
      if (!frameWhenShown) map.fitBounds(value, { animate: false, padding: [8, 8] });
    },
  };

  map.on("resize", (e) => {
    if (frameWhenShown && map.getSize().x) takes.frame(frameWhenShown);
    else if (e.oldSize.x && e.newSize.x) {
      const by = higher(e.newSize) - higher(e.oldSize); // small to large: come nearer, and back
      if (by) map.setZoom(map.getZoom() + by, { animate: false });
    }
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
