// What is known of an incident? The store answers by row; dossier texts are fetched when asked for.
(function (SM) {
  'use strict';
  SM.KINDS = ['place', 'near', 'stretch', 'unit', 'area', 'country', 'none', 'approx'];
  var STEPS = 1e5;

  SM.Store = function (unpacked, chunks) {
    this.data = unpacked;
    this.count = unpacked.header.count;
    this.chunks = chunks;
    this.chunkStarts = unpacked.header.chunk_starts || [];
    this.opened = {};
    this.shapes = (unpacked.header.shapes || []).map(openShape);
    this.first = this.numbers('date_from', 'event_date');
    this.last = lastDays(this.numbers('date_to', 'date_from', 'event_date'), this.first);
    this.shape = this.numbers('shape');
    this.low = this.numbers('fatalities_low');
    this.high = this.numbers('fatalities_high');
    this.shared = unpacked.header.shared || [];
    this.sharedBy = new Map();
    for (var i = 0; i < this.shared.length; i += 1) { this.share(this.shared[i]); }
    this.place();
    this.type = this.styleCodes('event_type', SM.style.symbols, 'event_type');
    this.outline = this.styleCodes('status', SM.style.outlines, 'status');
  };
  var store = SM.Store.prototype;

  // the first of the named columns that there is, as numbers; all missing when there is none
  store.numbers = function () {
    for (var i = 0; i < arguments.length; i += 1) {
      if (this.data.has(arguments[i])) { return this.data.column(arguments[i]).values; }
    }
    return new Int32Array(this.count).fill(SM.MISSING);
  };

  store.number = function (name, row) {
    return this.data.has(name) ? this.data.column(name).values[row] : SM.MISSING;
  };

  store.text = function (name, row) {
    if (!this.data.has(name)) { return ''; }
    var column = this.data.column(name);
    if (column.at) { return column.at(column.values[row]); }
    return column.distinct ? column.distinct[column.values[row]] : '';
  };

  store.flag = function (name, row) { return this.number(name, row) === 1; };

  store.lon = function (row) { var at = this.number('lon', row); return at === SM.MISSING ? NaN : at / STEPS; };
  store.lat = function (row) { var at = this.number('lat', row); return at === SM.MISSING ? NaN : at / STEPS; };

  store.title = function (row) {
    return this.text('location', row) || this.text('admin2', row) || this.text('admin1', row) ||
      SM.countryName(this.text('country', row)) || SM.t('place_unknown');
  };

  store.where = function (row) {
    var self = this, title = this.title(row);
    return ['admin2', 'admin1', 'country'].map(function (name) {
      return name === 'country' ? SM.countryName(self.text(name, row)) : self.text(name, row);
    }).filter(function (part, i, all) { return part && part !== title && all.indexOf(part) === i; }).join(', ');
  };

  store.span = function (row) { return SM.saySpan(this.first[row], this.last[row]); };

  // has the incident a figure of its own?
  store.isSilent = function (row) { return this.low[row] === SM.MISSING && this.high[row] === SM.MISSING; };

  // the incident's own figure, else the one it shares with others, else that there is none
  store.toll = function (row) {
    var shared = this.isSilent(row) ? this.sharedOf(row, 'killed') : [];
    return shared.length ? SM.t('shared_figure', { what: shared.map(SM.sayFigure).join('; ') }) : SM.sayToll(this.low[row], this.high[row]);
  };

  // figures {kind, who, low, high, qualifier, rows} that this incident has in common with others
  store.sharedOf = function (row, kind) {
    return (this.sharedBy.get(row) || []).filter(function (figure) { return figure.kind === kind; });
  };

  store.share = function (figure) {
    var by = this.sharedBy;
    figure.rows.forEach(function (row) { by.set(row, (by.get(row) || []).concat(figure)); });
  };

  store.kindName = function (row) { return SM.KINDS[this.kind[row]]; };

  // Promise of {notes, tolls, mentions, reports, …}; {} when there is nothing more
  store.details = function (row) {
    var chunk = -1;
    while (chunk + 1 < this.chunkStarts.length && this.chunkStarts[chunk + 1] <= row) { chunk += 1; }
    if (chunk < 0) { return Promise.resolve({}); }
    var start = this.chunkStarts[chunk];
    return this.openChunk(chunk).then(function (records) { return records[row - start] || {}; });
  };

  store.openChunk = function (chunk) {
    if (!this.opened[chunk]) { this.opened[chunk] = SM.inflateJson(this.chunks[chunk]); }
    return this.opened[chunk];
  };

  // positions in world units, and the kind of precision drawn
  store.place = function () {
    var count = this.count, lon = this.numbers('lon'), lat = this.numbers('lat');
    var precision = this.numbers('geo_precision'), kinds = this.data.has('kind') ? this.data.column('kind') : null;
    this.x = new Float64Array(count);
    this.y = new Float64Array(count);
    this.kind = new Uint8Array(count);
    for (var row = 0; row < count; row += 1) {
      var drawn = lon[row] !== SM.MISSING;
      this.x[row] = drawn ? SM.worldX(lon[row] / STEPS) : NaN;
      this.y[row] = drawn ? SM.worldY(lat[row] / STEPS) : NaN;
      this.kind[row] = kindOf(kinds ? kinds.distinct ? kinds.distinct[kinds.values[row]] : '' : '', precision[row], drawn, this.shape[row], this.shapes);
      if (this.kind[row] === 5 || this.kind[row] === 6) { this.x[row] = NaN; }
    }
  };

  store.styleCodes = function (name, styles, key) {
    var column = this.data.has(name) ? this.data.column(name) : null, last = styles.length - 1;
    var codes = new Uint8Array(this.count).fill(key === 'status' ? 1 : last);
    if (!column || !column.distinct) { return codes; }
    var known = column.distinct.map(function (value) {
      for (var i = 0; i < styles.length; i += 1) { if (styles[i][key] === value) { return i; } }
      return key === 'status' ? 1 : last;
    });
    for (var row = 0; row < this.count; row += 1) { codes[row] = known[column.values[row]]; }
    return codes;
  };

  function kindOf(said, precision, drawn, shape, shapes) {
    var kind = SM.KINDS.indexOf(said);
    if (kind === 5 || (precision === 4 && shape < 0)) { return 5; }
    if (!drawn) { return 6; }
    if (shape >= 0) { return kind >= 2 && kind <= 4 ? kind : shapes[shape].closed ? 3 : 2; }
    if (kind >= 2 && kind <= 4) { return 7; }
    if (kind === 0 || kind === 1) { return kind; }
    return precision === 3 ? 7 : precision === 2 ? 1 : 0;
  }

  function lastDays(last, first) {
    var days = new Int32Array(first.length);
    for (var row = 0; row < days.length; row += 1) {
      days[row] = last[row] === SM.MISSING || last[row] < first[row] ? first[row] : last[row];
    }
    return days;
  }

  function openShape(shape) {
    var parts = shape.parts.map(SM.unfold), box = [Infinity, Infinity, -Infinity, -Infinity];
    parts.forEach(function (part) {
      for (var i = 0; i < part.length; i += 2) {
        box[0] = Math.min(box[0], part[i]); box[1] = Math.min(box[1], part[i + 1]);
        box[2] = Math.max(box[2], part[i]); box[3] = Math.max(box[3], part[i + 1]);
      }
    });
    return Object.assign({}, shape, { parts: parts, box: box });
  }
  SM.openShape = openShape;
})(window.SahelMap = window.SahelMap || {});
