// What stands on the map's edge? Legend, layers, scale, coordinates, measuring, full screen.
(function (SM) {
  'use strict';

  // a Leaflet control from a node
  SM.control = function (position, node) {
    var control = L.control({ position: position });
    control.onAdd = function () {
      L.DomEvent.disableClickPropagation(node);
      L.DomEvent.disableScrollPropagation(node);
      return node;
    };
    return control;
  };

  // built from what is shown: types, precisions and marks that do not occur are left out
  SM.legend = function (store, filter, themes) {
    var used = usedLooks(store, filter), parts = [];
    used.types.forEach(function (type) {
      parts.push(entry(SM.typePicture(type), SM.say('event_type', SM.style.symbols[type].event_type) || SM.t('type_unknown')));
    });
    if (used.tolls) { parts.push(entry(sizes(), SM.t('legend_size'))); }
    if (used.range) { parts.push(entry(rangePicture(false), SM.t('legend_range'))); }
    if (used.open) { parts.push(entry(rangePicture(true), SM.t('legend_open'))); }
    if (store.data.has('status')) {
      used.outlines.forEach(function (status) { parts.push(entry(outlinePicture(status), SM.say('status', SM.style.outlines[status].status))); });
    }
    if (used.disputed) { parts.push(entry(disputePicture(), SM.t('disputed_mark'))); }
    if (used.background) { parts.push(entry(faintPicture(used.faint), SM.t('background_mark'))); }
    used.kinds.forEach(function (kind) { parts.push(entry(kindPicture(kind), SM.say('kind', SM.KINDS[kind]))); });
    if (used.many) { parts.push(entry(clusterPicture(), SM.t('legend_cluster'))); }
    if (themes) { parts.push(themes); }
    return SM.el('ul', {}, parts.map(function (part) { return SM.el('li', {}, part); }));
  };

  var ICONS = {
    home: 'M2 8.5 9 2.5l7 6M4 7.5v8h10v-8',
    measure: 'M2 12.5 12.5 2 16 5.5 5.5 16zM5.5 9l2 2M8 6.5l2 2M10.5 4l2 2',
    full: 'M2 6.5V2h4.5M11.5 2H16v4.5M16 11.5V16h-4.5M6.5 16H2v-4.5'
  };

  SM.icon = function (name) {
    return SM.svg('svg', { viewBox: '0 0 18 18', width: 18, height: 18, 'aria-hidden': 'true', fill: 'none', stroke: 'currentColor', 'stroke-width': 1.5 },
      SM.svg('path', { d: ICONS[name] }));
  };

  // distance between clicked points; Escape or the button again ends it
  SM.Measure = function (map, told) {
    this.map = map;
    this.told = told;
    this.points = [];
    this.layer = L.layerGroup();
  };
  SM.Measure.prototype.toggle = function () {
    var on = !this.on;
    this.on = on;
    SM.busyPointer = on;
    this.points = [];
    this.layer.clearLayers();
    this.map[on ? 'on' : 'off']('click', this.add, this);
    this.map.getContainer().classList.toggle('sm-measuring', on);
    if (on) { this.layer.addTo(this.map); } else { this.layer.remove(); }
    this.told(on ? SM.t('measure_hint') : '');
    return on;
  };
  SM.Measure.prototype.add = function (event) {
    var map = this.map, total = 0;
    this.points.push(event.latlng);
    for (var i = 1; i < this.points.length; i += 1) { total += map.distance(this.points[i - 1], this.points[i]); }
    this.layer.clearLayers();
    L.polyline(this.points, { color: '#12355b', weight: 2, dashArray: '4 4', interactive: false }).addTo(this.layer);
    this.told(SM.t('measured', { km: (total / 1000).toLocaleString(SM.language, { maximumFractionDigits: 1 }) }));
  };

  function usedLooks(store, filter) {
    var types = new Set(), kinds = new Set(), outlines = new Set(), used = { many: filter.shown > 1 };
    for (var i = 0; i < filter.shown; i += 1) {
      var row = filter.rows[i];
      types.add(store.type[row]);
      kinds.add(store.kind[row]);
      outlines.add(store.outline[row]);
      if (store.low[row] !== SM.MISSING) {
        used.tolls = true;
        if (store.high[row] === SM.MISSING) { used.open = true; } else if (store.high[row] > store.low[row]) { used.range = true; }
      }
    }
    var flags = store.data.has('disputed') ? store.data.column('disputed').values : [];
    used.disputed = Array.prototype.some.call(filter.rows.subarray(0, filter.shown), function (row) { return flags[row] === 1; });
    var past = store.data.has('background') ? store.data.column('background').values : [];
    var faint = Array.prototype.find.call(filter.rows.subarray(0, filter.shown), function (row) { return past[row] === 1; });
    used.background = faint !== undefined;
    used.faint = used.background ? store.type[faint] : -1;
    used.types = Array.from(types).sort();
    used.outlines = Array.from(outlines).sort();
    used.kinds = [1, 2, 3, 4, 7].filter(function (kind) { return kinds.has(kind); });
    return used;
  }

  function entry(picture, text) { return [SM.el('span', { 'class': 'sm-swatch' }, picture), SM.el('span', {}, text)]; }

  function sizes() {
    return SM.picture(54, 34, function (context) {
      [[0, 7], [10, 21], [40, 40]].forEach(function (pair) {
        context.beginPath();
        context.arc(pair[1], 17, SM.radius(pair[0]) * 0.82, 0, 7);
        context.strokeStyle = '#5f5a4e';
        context.lineWidth = 1.2;
        context.stroke();
      });
    });
  }

  function rangePicture(open) {
    return SM.picture(26, 26, function (context) {
      context.fillStyle = context.strokeStyle = '#5f5a4e';
      context.beginPath();
      context.arc(13, 13, 6, 0, 7);
      context.fill();
      context.setLineDash(open ? [2, 3] : []);
      context.beginPath();
      context.arc(13, 13, 11, 0, 7);
      context.stroke();
    });
  }

  function outlinePicture(status) {
    var outline = SM.style.outlines[status];
    return SM.picture(20, 20, function (context) {
      context.beginPath();
      context.arc(10, 10, 6.5, 0, 7);
      context.fillStyle = '#cfcabd';
      context.fill();
      context.setLineDash(outline.dash);
      context.lineWidth = outline.width;
      context.strokeStyle = '#26231c';
      context.stroke();
    });
  }

  function disputePicture() {
    return SM.picture(18, 18, function (context) {
      context.beginPath();
      context.arc(9, 9, 6.5, 0, 7);
      context.strokeStyle = '#26231c';
      context.stroke();
      context.fillStyle = '#26231c';
      context.font = '700 10px sans-serif';
      context.textAlign = 'center';
      context.textBaseline = 'middle';
      context.fillText('?', 9, 9.5);
    });
  }

  // the symbol of a background incident as it is drawn
  function faintPicture(type) {
    return SM.picture(20, 20, function (context) {
      SM.paintSymbol(context, 10, 10, { type: type, outline: 1, low: SM.MISSING, high: SM.MISSING, faint: true });
    });
  }

  function kindPicture(kind) {
    return SM.picture(26, 20, function (context) {
      context.strokeStyle = '#5f5a4e';
      if (kind === 2) {
        context.setLineDash([1, 5]);
        context.lineCap = 'round';
        context.lineWidth = 4;
        context.beginPath();
        context.moveTo(3, 15);
        context.lineTo(23, 5);
        context.stroke();
        return;
      }
      if (kind === 3 || kind === 4) {
        context.fillStyle = SM.hatch(context, '#5f5a4e');
        context.fillRect(3, 3, 20, 14);
        context.strokeRect(3, 3, 20, 14);
        return;
      }
      context.setLineDash(kind === 1 ? [3, 3] : []);
      context.lineWidth = kind === 7 ? 3 : 1.2;
      context.beginPath();
      context.arc(13, 10, kind === 7 ? 6 : 8.5, 0, 7);
      context.stroke();
    });
  }

  function clusterPicture() {
    return SM.picture(38, 38, function (context) {
      SM.paintCluster(context, 19, 19, { count: 9, types: [4, 2, 3, 0, 0, 0, 0] });
    });
  }
})(window.SahelMap = window.SahelMap || {});
