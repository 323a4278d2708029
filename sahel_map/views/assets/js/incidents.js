// How are the incidents drawn on the map, and which one is under the pointer?
(function (SM) {
  'use strict';
  var KM_PER_WORLD = 40075.017;

  // canvas layer over filter.rows; tells hub 'open' {row} or {rows, latlng}
  SM.openIncidentLayer = function (store, filter, hub) {
    var Incidents = SM.Surface.extend({
      chosen: -1,
      hovered: -1,
      clusters: [],
      marks: [],

      onAdd: function () {
        SM.Surface.prototype.onAdd.call(this);
        this._map.on('click', this.onClick, this).on('mousemove', this.onMove, this);
      },

      onRemove: function () {
        this._map.off('click', this.onClick, this).off('mousemove', this.onMove, this);
        SM.Surface.prototype.onRemove.call(this);
      },

      paint: function (context, view) {
        this.marks = [];
        this.paintShapes(context, view);
        this.clusters = SM.cluster(store, filter.rows, filter.shown, view.scale, padded(view), this.reach(view.zoom));
        var self = this;
        this.paintTags(context, view);
        this.clusters.map(function (cluster) { return { cluster: cluster, r: cluster.count > 1 ? SM.clusterRadius(cluster.count) : SM.radius(store.low[cluster.row]) }; })
          .sort(function (a, b) { return b.r - a.r; }).forEach( // the small ones stand on the large
          function (entry) { self.paintCluster(context, view, entry.cluster); });
        this.paintRing(context, view, this.hovered, 1.5);
        this.paintRing(context, view, this.chosen, 3);
        hub.tell('painted', this);
      },

      // merge within so many pixels: little when there is little to show, less the closer one looks
      reach: function (zoom) {
        if (zoom >= this._map.getMaxZoom() - 2) { return 10; }
        return filter.shown <= 40 ? 14 : filter.shown <= 400 ? 28 : 40;
      },

      paintCluster: function (context, view, cluster) {
        var x = view.toX(cluster.x), y = view.toY(cluster.y), row = cluster.row, r;
        if (cluster.count > 1) { r = SM.paintCluster(context, x, y, cluster); }
        else {
          paintDisc(context, view, store, row, x, y);
          r = SM.paintSymbol(context, x, y, Object.assign(lookOf(store, row), { scale: SM.shrink(view.zoom) }));
        }
        this.marks.push({ x: x, y: y, r: Math.max(r, 9), row: row, cluster: cluster });
      },

      // regions hatched and stretches as lines, each once however many incidents it holds
      paintShapes: function (context, view) {
        var held = new Map();
        if (store.shapes.length) {
          for (var i = 0; i < filter.shown; i += 1) {
            var row = filter.rows[i], shape = store.shape[row];
            if (shape < 0) { continue; }
            if (held.has(shape)) { held.get(shape).push(row); } else { held.set(shape, [row]); }
          }
        }
        this.held = Array.from(held.entries()).sort(function (one, other) { return sizeOf(store.shapes[other[0]]) - sizeOf(store.shapes[one[0]]); });
        context.globalAlpha = this.held.length > 12 ? 0.45 : 1; // many regions must not hide the ground
        this.held.forEach(function (entry) { paintShape(context, view, store.shapes[entry[0]], store.type[entry[1][0]]); });
        context.globalAlpha = 1;
      },

      // a tag where there is room for it on its own shape; a shape without one still answers to the pointer
      paintTags: function (context, view) {
        var self = this, placed = [], crowded = this.held.length > 12;
        this.held.forEach(function (entry) {
          var rows = entry[1], row = rows[0], box = store.shapes[entry[0]].box, wide = (box[2] - box[0]) * view.scale;
          var x = view.toX(store.x[row]), y = view.toY(store.y[row]), text = tagOf(store, rows, wide), half = 4 * text.length + 14;
          var mark = { x: x, y: y, halfWidth: 0, halfHeight: 0, row: row, rows: rows, shape: store.shapes[entry[0]] };
          self.marks.push(mark);
          [0, 21, -21].some(function (shift) {
            if ((crowded && wide < 2 * half) || (shift && crowded) || isTaken(placed, x, y + shift, half)) { return false; }
            mark.y = y + shift;
            mark.halfWidth = SM.paintTag(context, x, mark.y, text, SM.style.symbols[store.type[row]].colour).width / 2;
            mark.halfHeight = 10;
            mark.tag = text.indexOf(store.title(row)) === 0;
            placed.push([x, mark.y, half]);
            return true;
          });
        });
      },

      paintRing: function (context, view, row, width) {
        if (row < 0 || isNaN(store.x[row])) { return; }
        var mark = this.markOf(row), x = mark ? mark.x : view.toX(store.x[row]), y = mark ? mark.y : view.toY(store.y[row]);
        context.beginPath();
        if (mark && mark.halfWidth) { context.rect(x - mark.halfWidth - 4, y - mark.halfHeight - 4, 2 * mark.halfWidth + 8, 2 * mark.halfHeight + 8); }
        else { context.arc(x, y, (mark && mark.r ? mark.r : 12) + 5, 0, 2 * Math.PI); }
        context.strokeStyle = '#ffffff';
        context.lineWidth = width + 3;
        context.stroke();
        context.strokeStyle = '#12355b';
        context.lineWidth = width;
        context.stroke();
      },

      // the mark that stands for a row: its own, its region's tag, or the cluster that holds it
      markOf: function (row) {
        var owner = -1, grid = this.clusters.grid;
        if (store.shape[row] < 0 && grid) {
          var i = Math.floor((store.x[row] - grid.west) * grid.scale), j = Math.floor((store.y[row] - grid.north) * grid.scale);
          if (i < 0 || j < 0 || i >= grid.width || j >= grid.height) { return null; }
          owner = grid.owner[j * grid.width + i];
        }
        return this.marks.filter(function (mark) {
          return mark.rows ? mark.rows.indexOf(row) >= 0 : mark.cluster.number === owner;
        })[0] || null;
      },

      // where marks stand, in pixels from that corner (layer point), with the place that a tag names
      boxes: function (corner) {
        if (!this._map || !this._bounds) { return []; }
        var dx = this._bounds.min.x - corner.x, dy = this._bounds.min.y - corner.y;
        return this.marks.filter(function (mark) { return mark.r || mark.halfWidth; }).slice(0, 3000).map(function (mark) {
          var x = mark.x + dx, y = mark.y + dy, w = mark.r ? 1.15 * mark.r + 2 : mark.halfWidth, h = mark.r ? w : mark.halfHeight;
          return { box: [x - w, y - h, x + w, y + h], name: mark.tag ? store.title(mark.row) : null };
        });
      },

      markAt: function (event) {
        var at = this._map.latLngToLayerPoint(event.latlng).subtract(this._bounds.min), best = null, nearest = 1;
        this.marks.forEach(function (mark) {
          if (mark.rows && !mark.halfWidth) { return; }
          var dx = Math.abs(mark.x - at.x), dy = Math.abs(mark.y - at.y);
          var far = mark.rows ? Math.max(dx / mark.halfWidth, dy / mark.halfHeight) : Math.sqrt(dx * dx + dy * dy) / (mark.r + 3);
          if (far <= nearest) { nearest = far; best = mark; }
        });
        return best || this.shapeAt(event.latlng);
      },

      // the smallest region or stretch under the pointer
      shapeAt: function (latlng) {
        var x = SM.worldX(latlng.lng), y = SM.worldY(latlng.lat), near = 7 / (256 * Math.pow(2, this._map.getZoom()));
        return this.marks.filter(function (mark) {
          return mark.shape && (mark.shape.closed ? SM.isInside(mark.shape, x, y) : SM.isNear(mark.shape, x, y, near));
        }).pop() || null; // the largest come first
      },

      rowsOf: function (mark) {
        if (mark.rows) { return mark.rows; }
        return mark.cluster.count === 1 ? [mark.row] : SM.rowsOfCluster(store, filter.rows, filter.shown, this.clusters, mark.cluster);
      },

      onMove: function (event) {
        var mark = this.markAt(event), map = this._map, tip = null;
        map.getContainer().style.cursor = mark ? 'pointer' : '';
        if (mark && !(mark.cluster && mark.cluster.count > 1)) { tip = mark.rows && mark.rows.length > 1 ? null : mark.row; }
        hub.tell('hover', tip === null ? -1 : tip);
        hub.tell('tip', mark ? { mark: mark, point: event.containerPoint } : null);
      },

      onClick: function (event) {
        var mark = SM.busyPointer ? null : this.markAt(event);
        if (!mark) { return; }
        var rows = this.rowsOf(mark), map = this._map;
        if (rows.length === 1) { hub.tell('open', { row: rows[0], from: 'map' }); return; }
        var box = boundsOf(store, rows), target = map.getBoundsZoom(box, false, L.point(60, 60));
        var apart = box.isValid() && !box.getNorthEast().equals(box.getSouthWest(), 1e-4); // zooming parts them
        if (!mark.rows && apart && target > map.getZoom() && map.getZoom() < map.getMaxZoom()) {
          map.flyToBounds(box, { padding: [50, 50], maxZoom: map.getZoom() + 4, duration: SM.calm ? 0 : 0.5, animate: !SM.calm });
        } else { hub.tell('open', { rows: rows, latlng: event.latlng }); }
      },

      hover: function (row) { if (row !== this.hovered) { this.hovered = row; this.repaint(); } },
      choose: function (row) { if (row !== this.chosen) { this.chosen = row; this.repaint(); } }
    });
    return new Incidents({ padding: 0.15 });
  };

  SM.boundsOfRows = boundsOf;

  function boundsOf(store, rows) {
    var box = L.latLngBounds([]);
    for (var i = 0; i < rows.length; i += 1) {
      var row = rows[i];
      if (isNaN(store.x[row])) { continue; }
      if (store.shape[row] < 0) { box.extend(SM.latLng(SM.lonOf(store.x[row]), SM.latOf(store.y[row]))); continue; }
      var edge = store.shapes[store.shape[row]].box;
      box.extend(SM.latLng(SM.lonOf(edge[0]), SM.latOf(edge[1]))).extend(SM.latLng(SM.lonOf(edge[2]), SM.latOf(edge[3])));
    }
    return box;
  }

  function sizeOf(shape) { return (shape.box[2] - shape.box[0]) * (shape.box[3] - shape.box[1]); }

  // a count or toll, with the name where the shape has room for it
  function tagOf(store, rows, wide) {
    var low = store.low[rows[0]], short = rows.length > 1 ? SM.number(rows.length) : low > 0 ? store.toll(rows[0]) : '';
    var long = store.title(rows[0]) + (short ? ' \u00b7 ' + short : '');
    return wide > 7 * long.length + 30 ? long : short;
  }

  function isTaken(placed, x, y, half) {
    return placed.some(function (at) { return Math.abs(at[0] - x) < at[2] + half && Math.abs(at[1] - y) < 21; });
  }

  function padded(view) {
    var edge = 48 / view.scale;
    return [view.box[0] - edge, view.box[1] - edge, view.box[2] + edge, view.box[3] + edge];
  }

  function lookOf(store, row) {
    return {
      type: store.type[row], outline: store.outline[row], low: store.low[row], high: store.high[row],
      kind: store.kind[row], disputed: store.flag('disputed', row), faint: store.flag('background', row)
    };
  }

  // "near": the true place lies somewhere in this disc
  function paintDisc(context, view, store, row, x, y) {
    var km = store.number('uncertainty_km', row);
    if (store.kind[row] !== 1 || km === SM.MISSING || km <= 0) { return; }
    var widening = Math.cos(SM.latOf(store.y[row]) * Math.PI / 180), r = km / KM_PER_WORLD / widening * view.scale;
    if (r < 8) { return; }
    context.beginPath();
    context.arc(x, y, r, 0, 2 * Math.PI);
    context.fillStyle = SM.style.symbols[store.type[row]].colour;
    context.globalAlpha = 0.12;
    context.fill();
    context.globalAlpha = 0.75;
    context.setLineDash([4, 4]);
    context.strokeStyle = SM.style.symbols[store.type[row]].colour;
    context.lineWidth = 1.2;
    context.stroke();
    context.setLineDash([]);
    context.globalAlpha = 1;
  }

  function paintShape(context, view, shape, type) {
    if (!SM.overlaps(shape.box, view.box)) { return; }
    var colour = SM.style.symbols[type].colour;
    SM.traceShape(context, view, shape);
    if (shape.closed) {
      context.fillStyle = SM.hatch(context, colour);
      context.fill('evenodd');
      context.strokeStyle = colour;
      context.lineWidth = 1.6;
      context.stroke();
      return;
    }
    context.lineCap = 'round';
    context.strokeStyle = '#ffffff';
    context.lineWidth = 8;
    context.stroke();
    context.strokeStyle = colour;
    context.lineWidth = 5;
    context.setLineDash([1, 9]);
    context.stroke();
    context.setLineDash([]);
    context.lineWidth = 1.4;
    context.stroke();
    context.lineCap = 'butt';
  }
})(window.SahelMap = window.SahelMap || {});
